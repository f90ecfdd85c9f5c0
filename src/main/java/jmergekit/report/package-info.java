/// What a recipe would do and what a run did, for people: parameters over layers, time and memory,
/// results against their parents; as text, as data and as pages.
@org.jspecify.annotations.NullMarked
package jmergekit.report;
