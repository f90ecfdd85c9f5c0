/// Turns a recipe and the headers of its models into a plan: slices, tensors, parameters,
/// vocabulary and settings. Reads no tensor data; everything that can be refused is refused here.
@org.jspecify.annotations.NullMarked
package jmergekit.planner;
