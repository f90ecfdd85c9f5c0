/// What merge methods and processors agree on: the primitives that methods are written in, the
/// tensors they read and write, and how a processor is asked for them. Computes nothing itself.
@org.jspecify.annotations.NullMarked
package jmergekit.primitive;
