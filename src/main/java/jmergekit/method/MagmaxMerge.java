package jmergekit.method;

import jmergekit.primitive.Combination.Elementwise;
import jmergekit.primitive.ElementRule;
import jmergekit.primitive.ElementTile;
import jmergekit.primitive.Primitives;

/// Takes, for each element, the largest change of all models.
///
/// Source: Marczak et al., "MagMax: leveraging model merging for seamless continual learning",
/// <https://arxiv.org/abs/2407.06322>.
final class MagmaxMerge implements MergeMethod {
    /// The paper's value for models that were trained one after the other.
    private static final Param LAMBDA = CommonParams.LAMBDA.orElse(0.5);

    private static final MethodInfo INFO =
            MethodInfo.named("magmax", "MagMax")
                    .summary("Takes, for each element, the largest change of all models.")
                    .formula(
                            "base + lambda * (the d_i = x_i - base of the largest magnitude; the"
                                    + " first model's if several are as large)")
                    .reference("https://arxiv.org/abs/2407.06322")
                    .taskVectors()
                    .elementwise()
                    .params(LAMBDA)
                    .build();

    @Override
    public MethodInfo info() {
        return INFO;
    }

    @Override
    public void merge(MergeInput input, Primitives primitives) {
        primitives.combine(new Elementwise(new Largest(), input.number(LAMBDA)));
    }

    private record Largest() implements ElementRule {
        @Override
        public void change(ElementTile tile, float[] into) {
            System.arraycopy(tile.differences()[0], 0, into, 0, tile.n());
            for (int i = 1; i < tile.differences().length; i++) {
                takeLarger(tile.differences()[i], into, tile.n());
            }
        }

        private static void takeLarger(float[] difference, float[] largest, int n) {
            for (int i = 0; i < n; i++) {
                largest[i] =
                        Math.abs(difference[i]) > Math.abs(largest[i]) ? difference[i] : largest[i];
            }
        }
    }
}
