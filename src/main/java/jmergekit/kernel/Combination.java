package jmergekit.kernel;

/// What the writing pass computes for each element. Arithmetic in float32, in the order of the
/// sources.
public sealed interface Combination {
    /// The sum of `coefficients[i] * x_i`. A single source with coefficient 1 is copied, bit for bit
    /// where the dtype stays.
    record WeightedSum(double[] coefficients) implements Combination {}

    /// Base plus `lambda` times a sum over the differences from the base, `d_i = x_i - base`.
    ///
    /// An element's contribution is `weights[i] * scales[i] * d_i` where `masks[i]` keeps it. With
    /// `elect`, the sign of the sum of the contributions (0 counts as positive) is elected and only
    /// contributions of that sign are summed. `division` says what the sum is divided by.
    ///
    /// The base's own entries in the arrays are not looked at.
    record TaskVectorSum(
            double[] weights,
            double[] scales,
            Mask[] masks,
            boolean elect,
            Division division,
            double lambda)
            implements Combination {}

    /// The divisor of a [TaskVectorSum].
    enum Division {
        /// The sum stays as it is.
        NONE,
        /// The sum of all weights; 1 if that is below 1e-8 in size.
        WEIGHTS,
        /// For each element the sum of the weights of the contributions elected there; 1 if that is
        /// 0.
        ELECTED_WEIGHTS
    }
}
