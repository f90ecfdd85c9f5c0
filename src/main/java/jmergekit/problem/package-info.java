/// How the program speaks of what is wrong: one report format, a collector, the one exception a user
/// may meet. What is wrong with a particular recipe or file is decided elsewhere.
@org.jspecify.annotations.NullMarked
package jmergekit.problem;
