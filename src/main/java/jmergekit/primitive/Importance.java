package jmergekit.primitive;

/// How much each element of a tensor was changed: the magnitude of its difference from the base
/// times the divergence of its row.
///
/// @param source the source with the difference
/// @param rows for each row along the last dimension (a vector is one row) the Kullback-Leibler
///     divergence of the softmax of the source's row from the softmax of the base's row, in nats
public record Importance(int source, float[] rows) {
    /// A row's divergence from sums over its elements, with `w = e^base`, relative to any of them,
    /// and `d` the difference; at least 0.
    ///
    /// @param weights sum of `w`
    /// @param growth sum of `w (e^d - 1)`
    /// @param tilted sum of `w e^d d`
    public static double divergence(double weights, double growth, double tilted) {
        double divergence = tilted / (weights + growth) - Math.log1p(growth / weights);
        return Math.max(0, divergence);
    }
}
