/// From a recipe and the headers of its models to a plan: which tensors come out, from which sources,
/// with which parameter values, into which shards. Reads no tensor data; everything that can be
/// refused is refused here.
@org.jspecify.annotations.NullMarked
package jmergekit.plan;
