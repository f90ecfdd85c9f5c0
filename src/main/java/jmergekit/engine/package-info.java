/// Runs a plan: threads, open files, progress, and the output folder that appears all at once. The
/// only room with threads; it knows bytes and tasks, and no merge method by name.
@org.jspecify.annotations.NullMarked
package jmergekit.engine;
