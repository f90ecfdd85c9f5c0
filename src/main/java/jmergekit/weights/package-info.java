/// The tensors of a model folder, in any file format: which files exist, where each tensor is
/// stored in them, and their bytes, memory-mapped. The headers of a format are parsed in the room
/// of that format.
@org.jspecify.annotations.NullMarked
package jmergekit.weights;
