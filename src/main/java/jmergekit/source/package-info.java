/// Tensors that are computed while they are read: scaled, with low-rank updates, with other rows,
/// stacked, random. Each reads others or mapped memory; none holds a tensor as a whole.
@org.jspecify.annotations.NullMarked
package jmergekit.source;
