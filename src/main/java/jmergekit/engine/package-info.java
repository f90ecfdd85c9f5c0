/// Runs a plan: order of tensors, open files, chunks on threads and progress. It knows bytes and
/// tasks, and no merge method by name.
@org.jspecify.annotations.NullMarked
package jmergekit.engine;
