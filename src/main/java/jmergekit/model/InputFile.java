package jmergekit.model;

/// A file from which tensors are read.
///
/// @param folder the folder that contains it: a model or adapter as a recipe names it,
///     `path@revision`, a model without its adapter
/// @param name the file name in that folder
/// @param bytes of the whole file
/// @param header the digest of its header's tensors, see [jmergekit.weights.WeightHeader#digest]
/// @param commit the commit of the hub's repository that contains it; empty for a folder on disk
public record InputFile(String folder, String name, long bytes, String header, String commit) {}
