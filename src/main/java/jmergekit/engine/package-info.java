/// Runs a plan: order of tensors, open files, chunks on threads, progress, and a check of what came
/// out. It knows bytes and tasks, and no merge method by name.
@org.jspecify.annotations.NullMarked
package jmergekit.engine;
