package jmergekit.primitive;

import java.util.Arrays;
import jmergekit.tensor.Shape;

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
            implements Combination {
        /// What is left to do for vectors that are whole tensors, with the coefficients of the rule.
        public Combination whole(double[] coefficients) {
            if (!differences) {
                return new WeightedSum(coefficients);
            }
            double[] ones = new double[coefficients.length];
            Arrays.fill(ones, 1);
            Mask[] all = new Mask[coefficients.length];
            Arrays.fill(all, Mask.ALL);
            return new TaskVectorSum(coefficients, ones, all, Election.NONE, Division.NONE, 1);
        }
    }

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
            implements Combination {
        /// Below this the sum of weights does not divide, as a recipe with weights 1 and -1 would
        /// else blow up.
        private static final double SMALLEST_DIVISOR = 1e-8;

        /// Whether nothing is added to the base. A recipe that filters some tensors to weight 0
        /// wants the base's there, bit for bit.
        public boolean leavesBase(int base) {
            for (int i = 0; i < weights.length; i++) {
                if (i != base && weights[i] != 0 && masks[i] != Mask.NONE) {
                    return false;
                }
            }
            return true;
        }

        /// Whether there are elements of which not every source's difference is in the sum.
        public boolean leavesOut() {
            return election != Election.NONE
                    || Arrays.stream(masks).anyMatch(mask -> mask != Mask.ALL);
        }

        /// `lambda` over the divisor, where that is the same for all elements.
        public float factor(int base) {
            double divisor = 0;
            for (int i = 0; i < weights.length; i++) {
                divisor += i == base ? 0 : weights[i];
            }
            boolean divides = division == Division.WEIGHTS && Math.abs(divisor) >= SMALLEST_DIVISOR;
            return (float) (divides ? lambda / divisor : lambda);
        }
    }

    /// From the base towards the only other source `x`, by the share
    /// `t / max(|x - base|, 1e-6)`, at least 0 and at most 1: what is near is taken over.
    record NearSwap(double t) implements Combination {}

    /// Base plus a mean over the differences `d_i` of more than `epsilon` in size. Where that is
    /// only one, it is multiplied by its source's `soleScales[i]`.
    record ContributionMean(double epsilon, double[] soleScales) implements Combination {}

    /// The only other source where its importance is at least `threshold`, the base elsewhere.
    record ReplaceAtLeast(Importance importance, float threshold) implements Combination {}

    /// The values of `matrix`, which has the output's elements.
    record Computed(Matrix matrix) implements OnHost {
        @Override
        public String title() {
            return "matrices";
        }
    }

    /// A combination that the CPU computes on every processor, since none has a kernel for it.
    sealed interface OnHost extends Combination {
        /// What it is, for reports.
        String title();
    }

    /// Which elements of a tensor make up a vector.
    enum Vectors {
        /// All of them.
        WHOLE,
        /// Those along the last dimension; a one-dimensional tensor is one vector.
        ALONG_LAST,
        /// Those along the first dimension; a one-dimensional tensor is one vector.
        ALONG_FIRST;

        /// What that means in a tensor of this shape.
        public Vectors in(Shape shape) {
            return shape.rank() < 2 ? WHOLE : this;
        }
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
