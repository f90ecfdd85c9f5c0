/// The arithmetic of merging: operations on one tile of elements, each with a scalar and a vector
/// form, and the primitives that merge methods are written in. Knows tensors and bytes; knows no
/// merge method, no file and no thread.
@org.jspecify.annotations.NullMarked
package jmergekit.kernel;
