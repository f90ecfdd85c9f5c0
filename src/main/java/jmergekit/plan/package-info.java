/// The plan of a run: which tensors come out, from which sources, with which parameter values, into
/// which shards, and the text that shows it. Finding it is the work of the room `planner`.
@org.jspecify.annotations.NullMarked
package jmergekit.plan;
