/// The contract between merge methods and processors: the primitives in which methods are written,
/// the tensors they read and write, and how to obtain them from a processor. Computes nothing
/// itself.
@org.jspecify.annotations.NullMarked
package jmergekit.primitive;
