/// What a tensor is: its name, dtype, shape and bytes, and the exact meaning of each dtype's bits.
/// Which rows of other tensors a tensor has, too. No files, no arithmetic.
@org.jspecify.annotations.NullMarked
package jmergekit.tensor;
