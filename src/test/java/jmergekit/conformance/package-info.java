/// Runs a conformance corpus through the tool in process and compares what it wrote with what was
/// expected. Shares no code with the tool: it has its own reader of weight files.
@org.jspecify.annotations.NullMarked
package jmergekit.conformance;
