package jmergekit.primitive;

import java.util.Arrays;
import jmergekit.tensor.Shape;

/// The computation of the writing pass for each element. Arithmetic is in float32, in the order of
/// the sources.
public sealed interface Combination {
    /// The sum of `coefficients[i] * x_i`. A single source with coefficient 1 is copied, bit for
    /// bit if the dtype does not change.
    record WeightedSum(double[] coefficients) implements Combination {}

    /// A weighted sum with separate coefficients for every vector of the tensor, computed by a rule
    /// from the dot products of the sources' vectors. With `differences`, the vectors are the
    /// differences from the base `d_i`, the base's own dot products are 0, its coefficient is
    /// ignored, and the result is the base plus the sum of `coefficients[i] * d_i`.
    record VectorSums(Vectors vectors, boolean differences, CoefficientRule rule)
            implements Combination {
        /// The remaining sum for vectors that are whole tensors, with coefficients from the rule.
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
    /// `election` determines whether only contributions of one sign are summed, and `division` the
    /// divisor of the sum.
    ///
    /// The base's own entries in the arrays are ignored.
    record TaskVectorSum(
            double[] weights,
            double[] scales,
            Mask[] masks,
            Election election,
            Division division,
            double lambda)
            implements Combination {
        /// Smaller sums of weights are not used as divisors; otherwise weights such as 1 and -1
        /// would make the result explode.
        private static final double SMALLEST_DIVISOR = 1e-8;

        /// Whether nothing is added to the base. A recipe that filters some tensors to weight 0
        /// expects the base's tensors there, bit for bit.
        public boolean leavesBase(int base) {
            for (int i = 0; i < weights.length; i++) {
                if (i != base && weights[i] != 0 && masks[i] != Mask.NONE) {
                    return false;
                }
            }
            return true;
        }

        /// Whether the sum omits some source's difference at some elements.
        public boolean leavesOut() {
            return election != Election.NONE
                    || Arrays.stream(masks).anyMatch(mask -> mask != Mask.ALL);
        }

        /// `lambda` over the divisor, if that is the same for all elements.
        public float factor(int base) {
            double divisor = 0;
            for (int i = 0; i < weights.length; i++) {
                divisor += i == base ? 0 : weights[i];
            }
            boolean divides = division == Division.WEIGHTS && Math.abs(divisor) >= SMALLEST_DIVISOR;
            return (float) (divides ? lambda / divisor : lambda);
        }
    }

    /// Moves the base towards the only other source `x`, by the fraction `t / max(|x - base|,
    /// 1e-6)`, clamped to the range 0 to 1: elements close to the base are replaced.
    record NearSwap(double t) implements Combination {}

    /// Base plus a mean over the differences `d_i` larger than `epsilon` in magnitude. If there is
    /// only one, it is multiplied by its source's `soleScales[i]`.
    record ContributionMean(double epsilon, double[] soleScales) implements Combination {}

    /// The only other source where its importance is at least `threshold`, the base elsewhere.
    record ReplaceAtLeast(Importance importance, float threshold) implements Combination {}

    /// The mean of the sources, weighted at each element by `weights[i]` times the source's
    /// statistics, of which those below `floor` (and NaN) count as `floor`; where the sum of these
    /// products is 0, the mean weighted by `weights`. Computed in float64.
    record StatisticsMean(double[] weights, double floor) implements OnHost {
        @Override
        public String title() {
            return "means by statistics";
        }
    }

    /// The values of `matrix`, which has as many elements as the output.
    record Computed(Matrix matrix) implements OnHost {
        @Override
        public String title() {
            return "matrices";
        }
    }

    /// Base plus `lambda` times the change that `rule` computes from the differences from the base,
    /// tile by tile. A tensor of the base alone is copied.
    record Elementwise(ElementRule rule, double lambda) implements OnHost {
        @Override
        public String title() {
            return "rules for elements";
        }
    }

    /// The base plus `factor` times a matrix, which has as many elements as the output.
    record BasePlus(Matrix change, double factor) implements OnHost {
        @Override
        public String title() {
            return "matrices";
        }
    }

    /// The result of another combination with its distance from the base multiplied by `factor`.
    record Scaled(Combination combination, double factor) implements Combination {}

    /// This combination with its result's distance from the base multiplied by a factor.
    default Combination scaled(double factor) {
        return switch (this) {
            case TaskVectorSum(
                            var weights,
                            var scales,
                            var masks,
                            var election,
                            var division,
                            var lambda) ->
                    new TaskVectorSum(weights, scales, masks, election, division, factor * lambda);
            case Elementwise(ElementRule rule, double lambda) ->
                    new Elementwise(rule, factor * lambda);
            case BasePlus(Matrix change, double own) -> new BasePlus(change, factor * own);
            default -> new Scaled(this, factor);
        };
    }

    /// A combination that the CPU computes for every processor, since none has a kernel for it.
    sealed interface OnHost extends Combination {
        /// A description for reports.
        String title();
    }

    /// Which elements of a tensor form a vector.
    enum Vectors {
        /// All of them.
        WHOLE,
        /// Those along the last dimension; a one-dimensional tensor is one vector.
        ALONG_LAST,
        /// Those along the first dimension; a one-dimensional tensor is one vector.
        ALONG_FIRST;

        /// The equivalent for a tensor of this shape.
        public Vectors in(Shape shape) {
            return shape.rank() < 2 ? WHOLE : this;
        }
    }

    /// Computes the coefficients of a weighted sum.
    interface CoefficientRule {
        /// @param gram dot products of all pairs of sources
        /// @return one for each source
        double[] coefficients(double[][] gram);
    }

    /// How the sign of a [TaskVectorSum] is decided at each element.
    enum Election {
        /// All contributions are summed.
        NONE,
        /// Only contributions with the sign of the sum of contributions are summed; 0 counts as
        /// positive.
        WEIGHTED,
        /// Only contributions with the sign of the sum of `scales[i] * d_i` are summed.
        UNWEIGHTED
    }

    /// The divisor of a [TaskVectorSum].
    enum Division {
        /// The sum is not divided.
        NONE,
        /// The sum of all weights; 1 if its magnitude is below 1e-8.
        WEIGHTS,
        /// For each element the sum of the weights of its elected contributions; 1 if that is 0.
        ELECTED_WEIGHTS
    }
}
