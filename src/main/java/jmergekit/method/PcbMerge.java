package jmergekit.method;

import java.util.ArrayList;
import java.util.List;
import jmergekit.primitive.Combination.Elementwise;
import jmergekit.primitive.ElementScore;
import jmergekit.primitive.Primitives;

/// Weights each element of each task vector by how large it is and how well it agrees with the other
/// models, and averages the elements with the largest weights.
///
/// Source: Du et al., "Parameter competition balancing for model merging",
/// <https://arxiv.org/abs/2410.02396>.
final class PcbMerge implements MergeMethod {
    /// The fraction of outliers at either end of the magnitudes.
    private static final double OUTLIERS = 1e-4;

    private static final Param RATIO =
            Param.number("ratio", "fraction of each task vector that takes part")
                    .orElse(0.1)
                    .within(0, 1);

    /// The paper's value for models without data to choose one.
    private static final Param LAMBDA = CommonParams.LAMBDA.orElse(1.2);

    private static final MethodInfo INFO =
            MethodInfo.named("pcb", "PCB-Merging")
                    .summary(
                            "Averages large changes that agree with those of other models, weighted"
                                    + " element by element.")
                    .formula(
                            "base + lambda * sum_i(b_i * d_i) / sum_i(b_i), d_i = x_i - base; b_i ="
                                    + " exp(T * minmax(|d_i|)^2) * tanh(d_i * sum_j(d_j)), its top"
                                    + " ratio stretched to 0..1")
                    .reference("https://arxiv.org/abs/2410.02396")
                    .taskVectors()
                    .params(RATIO, LAMBDA)
                    .build();

    @Override
    public MethodInfo info() {
        return INFO;
    }

    @Override
    public void merge(MergeInput input, Primitives primitives) {
        int models = input.others().size();
        List<CompetitionScore> scores = new ArrayList<>();
        if (models > 0 && input.elements() > 0) {
            long last = input.elements() - 1;
            long low = (long) (OUTLIERS * last);
            float[][] ends = primitives.scoresAt(magnitudes(models), new long[] {low, last - low});
            for (int i = 0; i < models; i++) {
                scores.add(new CompetitionScore(i, models, ends[i][0], ends[i][1]));
            }
            long cut = (long) ((1 - input.number(RATIO)) * last);
            float[][] limits = primitives.scoresAt(List.copyOf(scores), new long[] {cut, last});
            primitives.combine(
                    new Elementwise(new CompetitionMean(scores, limits), input.number(LAMBDA)));
        } else {
            primitives.combine(
                    new Elementwise(
                            new CompetitionMean(List.of(), new float[0][]), input.number(LAMBDA)));
        }
    }

    private static List<ElementScore> magnitudes(int models) {
        List<ElementScore> magnitudes = new ArrayList<>();
        for (int model = 0; model < models; model++) {
            int index = model;
            magnitudes.add((tile, into) -> magnitudes(tile.differences()[index], into, tile.n()));
        }
        return magnitudes;
    }

    // Those that are not finite would hide all others.
    private static void magnitudes(float[] difference, float[] into, int n) {
        for (int i = 0; i < n; i++) {
            float magnitude = Math.abs(difference[i]);
            into[i] = magnitude <= Float.MAX_VALUE ? magnitude : 0;
        }
    }
}
