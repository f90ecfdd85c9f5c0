package jmergekit.model;

/// A file that tensors are read from.
///
/// @param folder the folder that holds it: a model or adapter as a recipe names it,
///     `path@revision`, a model without its adapter
/// @param name in that folder
/// @param bytes of the whole file
/// @param header hash of what its header says of tensors, as [jmergekit.weights.WeightHeader#digest]
///     gives it
/// @param commit of the hub's repository that the file is of; empty for a folder on disk
public record InputFile(String folder, String name, long bytes, String header, String commit) {}
