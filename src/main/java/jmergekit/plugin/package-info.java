/// Merge methods from jars that the user names in an environment variable. The only room that loads
/// classes while the program runs.
@org.jspecify.annotations.NullMarked
package jmergekit.plugin;
