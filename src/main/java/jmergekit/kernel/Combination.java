package jmergekit.kernel;

/// What the writing pass computes for each element. Arithmetic in float32, in the order of the
/// sources.
public sealed interface Combination {
    /// The sum of `coefficients[i] * x_i`. A single source with coefficient 1 is copied, bit for bit
    /// where the dtype stays.
    record WeightedSum(double[] coefficients) implements Combination {}

    /// A weighted sum with coefficients of its own for every vector of the tensor, by a rule that
    /// sees the dot products of the sources' vectors. With `differences` the vectors are those of the
    /// differences from the base `d_i`, the base's own dot products are 0 and its coefficient is not
    /// looked at, and the result is the base plus the sum of `coefficients[i] * d_i`.
    record VectorSums(Vectors vectors, boolean differences, CoefficientRule rule)
            implements Combination {}

    /// Base plus `lambda` times a sum over the differences from the base, `d_i = x_i - base`.
    ///
    /// An element's contribution is `weights[i] * scales[i] * d_i` where `masks[i]` keeps it.
    /// `election` says whether only contributions of one sign are summed, `division` what the sum is
    /// divided by.
    ///
    /// The base's own entries in the arrays are not looked at.
    record TaskVectorSum(
            double[] weights,
            double[] scales,
            Mask[] masks,
            Election election,
            Division division,
            double lambda)
            implements Combination {}

    /// From the base towards the only other source `x`, by the share
    /// `t / max(|x - base|, 1e-6)`, at least 0 and at most 1: what is near is taken over.
    record NearSwap(double t) implements Combination {}

    /// Base plus a mean over the differences `d_i` of more than `epsilon` in size. Where that is
    /// only one, it is multiplied by its source's `soleScales[i]`.
    record ContributionMean(double epsilon, double[] soleScales) implements Combination {}

    /// The only other source where its importance is at least `threshold`, the base elsewhere.
    record Takeover(Importance importance, float threshold) implements Combination {}

    /// Which elements of a tensor make up a vector.
    enum Vectors {
        /// All of them.
        WHOLE,
        /// Those along the last dimension; a one-dimensional tensor is one vector.
        ALONG_LAST,
        /// Those along the first dimension; a one-dimensional tensor is one vector.
        ALONG_FIRST
    }

    /// Gives the coefficients of a weighted sum.
    interface CoefficientRule {
        /// @param gram dot products of every two sources
        /// @return for each source
        double[] coefficients(double[][] gram);
    }

    /// How the sign of a [TaskVectorSum] is decided at each element.
    enum Election {
        /// All contributions are summed.
        NONE,
        /// Only contributions with the sign of the sum of contributions are, 0 counting as positive.
        WEIGHTED,
        /// Only contributions with the sign of the sum of `scales[i] * d_i` are.
        UNWEIGHTED
    }

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
