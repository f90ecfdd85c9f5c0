/// Output files of weights, in whichever format: which of them holds which tensor, and how they are
/// written by any number of threads at once.
@org.jspecify.annotations.NullMarked
package jmergekit.shards;
