/// What a tensor is: its name, dtype, shape and bytes, the exact meaning of each dtype's bits, and
/// tables of the rows that a tensor takes from others. No files, no arithmetic.
@org.jspecify.annotations.NullMarked
package jmergekit.tensor;
