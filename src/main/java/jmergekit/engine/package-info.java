/// Runs a plan: the order of tensors, open files, chunks on threads, and progress. It handles bytes
/// and tasks, and does not depend on any particular merge method.
@org.jspecify.annotations.NullMarked
package jmergekit.engine;
