/// Statistics of a model on texts, for merges that weigh parameters by them: the texts as tokens, and
/// the file of statistics.
@org.jspecify.annotations.NullMarked
package jmergekit.statistics;
