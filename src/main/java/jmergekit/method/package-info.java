/// The merge methods, one file each, written in terms of the primitives, and the list that names
/// them. A few need whole matrices or measure all tensors first, and declare this by their type. A
/// method works on numbers and parameters only: it knows nothing about files, threads and devices,
/// and about memory only how much whole matrices need.
@org.jspecify.annotations.NullMarked
package jmergekit.method;
