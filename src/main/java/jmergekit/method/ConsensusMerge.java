package jmergekit.method;

import java.util.Arrays;
import jmergekit.primitive.Combination.Elementwise;
import jmergekit.primitive.ElementRule;
import jmergekit.primitive.ElementTile;
import jmergekit.primitive.Primitives;

/// Adds the task vectors only at elements that matter to several models.
///
/// An element matters to a model if the model's contribution is large compared with the sum of all
/// other contributions.
///
/// Source: Wang et al., "Localizing task information for improved model merging and compression",
/// <https://arxiv.org/abs/2405.07813>.
final class ConsensusMerge implements MergeMethod {
    private static final Param WEIGHT = CommonParams.WEIGHT.orElse(1);

    private static final Param MASK_THRESHOLD =
            Param.number(
                            "mask_threshold",
                            "how large a contribution must be for its element to matter to this model,"
                                    + " relative to the sum of the others")
                    .eachModel()
                    .orElse(0.4)
                    .within(0, Double.POSITIVE_INFINITY);

    private static final Param K =
            Param.number("k", "number of models to which an element must matter; rounded down")
                    .orElse(2)
                    .within(0, 1_000_000);

    private static final MethodInfo INFO =
            MethodInfo.named("consensus", "Consensus Merging")
                    .summary(
                            "Adds the task vectors only at elements that matter to several models.")
                    .formula(
                            "base + lambda * sum_i(c_i) where |c_i| > mask_threshold_i * |sum_j(c_j) -"
                                    + " c_i| for at least k models, base elsewhere; c_i = weight_i *"
                                    + " (x_i - base)")
                    .reference("https://arxiv.org/abs/2405.07813")
                    .taskVectors()
                    .elementwise()
                    .params(WEIGHT, MASK_THRESHOLD, K, CommonParams.LAMBDA)
                    .build();

    @Override
    public MethodInfo info() {
        return INFO;
    }

    @Override
    public void merge(MergeInput input, Primitives primitives) {
        int models = input.others().size();
        float[] weights = new float[models];
        float[] thresholds = new float[models];
        for (int i = 0; i < models; i++) {
            weights[i] = (float) input.number(input.others().get(i), WEIGHT);
            thresholds[i] = (float) input.number(input.others().get(i), MASK_THRESHOLD);
        }
        int least = (int) Math.min(models, input.number(K));
        primitives.combine(
                new Elementwise(
                        new Agreed(weights, thresholds, least), input.number(CommonParams.LAMBDA)));
    }

    /// @param least the number of models to which an element must matter
    private record Agreed(float[] weights, float[] thresholds, int least) implements ElementRule {
        @Override
        public int spares() {
            return 1;
        }

        @Override
        public void change(ElementTile tile, float[] into) {
            int n = tile.n();
            float[] votes = tile.spare()[0];
            Arrays.fill(into, 0, n, 0f);
            Arrays.fill(votes, 0, n, 0f);
            for (int i = 0; i < weights.length; i++) {
                contribute(tile.differences()[i], weights[i], into, n);
            }
            for (int i = 0; i < weights.length; i++) {
                vote(tile.differences()[i], into, thresholds[i], votes, n);
            }
            drop(votes, least, into, n);
        }

        private static void contribute(float[] difference, float weight, float[] sum, int n) {
            for (int i = 0; i < n; i++) {
                difference[i] *= weight;
                sum[i] += difference[i];
            }
        }

        private static void vote(
                float[] contribution, float[] sum, float threshold, float[] votes, int n) {
            for (int i = 0; i < n; i++) {
                float others = Math.abs(sum[i] - contribution[i]);
                votes[i] += Math.abs(contribution[i]) > threshold * others ? 1 : 0;
            }
        }

        private static void drop(float[] votes, int least, float[] sum, int n) {
            for (int i = 0; i < n; i++) {
                sum[i] = votes[i] >= least ? sum[i] : 0;
            }
        }
    }
}
