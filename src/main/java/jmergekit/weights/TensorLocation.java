package jmergekit.weights;

/// The file that holds a tensor, and the tensor's place in it.
public record TensorLocation(WeightHeader header, TensorEntry entry) {}
