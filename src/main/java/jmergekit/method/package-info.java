/// The merge methods: one file each, written in the primitives, and the one list that names them.
/// A method knows numbers and parameters; it knows no file, no thread, no device and no memory.
@org.jspecify.annotations.NullMarked
package jmergekit.method;
