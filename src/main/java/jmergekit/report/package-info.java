/// How models differ, what a recipe would do and what a run did: figures by layer, parameters, time
/// and memory, results compared with their parents; as text, data and pages.
@org.jspecify.annotations.NullMarked
package jmergekit.report;
