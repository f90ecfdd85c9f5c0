/// The merge methods: one file each, written in the primitives, and the one list that names them.
/// A few need whole matrices or look at all tensors first, and say so by their type. A method knows
/// numbers and parameters; it knows no file, no thread, no device, and of memory
/// only how much whole matrices take.
@org.jspecify.annotations.NullMarked
package jmergekit.method;
