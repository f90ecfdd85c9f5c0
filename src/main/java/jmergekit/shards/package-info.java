/// Output files of weights, in any format: which of them holds which tensor, and how any number of
/// threads write them at once.
@org.jspecify.annotations.NullMarked
package jmergekit.shards;
