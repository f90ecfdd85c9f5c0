package jmergekit.kernel;

/// How much each element of a tensor was changed: the size of its difference from the base times the
/// divergence of its row.
///
/// @param source whose difference
/// @param rows for each row along the last dimension (a vector is one row) the Kullback-Leibler
///     divergence of the softmax of the source's row from that of the base's, in nats
public record Importance(int source, float[] rows) {}
