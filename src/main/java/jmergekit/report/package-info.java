/// How models differ, what a recipe would do and what a run did: figures over layers, parameters, time
/// and memory, results against their parents; as text, as data and as pages.
@org.jspecify.annotations.NullMarked
package jmergekit.report;
