/// Tensors that are computed while they are read: scaled, with low-rank updates, with other rows,
/// stacked, random. Each reads other sources or mapped memory; none stores a whole tensor.
@org.jspecify.annotations.NullMarked
package jmergekit.source;
