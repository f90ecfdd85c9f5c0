package jmergekit.safetensors;

/// The file that holds a tensor, and the tensor's place in it.
public record TensorLocation(SafetensorsHeader header, TensorEntry entry) {}
