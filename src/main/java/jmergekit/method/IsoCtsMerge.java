package jmergekit.method;

import java.util.Arrays;
import jmergekit.linalg.Triplets;
import jmergekit.primitive.Matrix;

/// Takes the common directions from the sum of the task vectors, adds directions of each model that the
/// common ones do not span, and gives all of them the same singular value.
///
/// Source: Marczak et al., "No task left behind: isotropic model merging with common and task-specific
/// subspaces", <https://arxiv.org/abs/2502.04959>, section 5.
final class IsoCtsMerge extends SpectralMethod {
    private static final Param COMMON_SPACE =
            Param.number("common_space", "fraction of the directions that come from the sum")
                    .orElse(0.8)
                    .within(0, 1);

    private static final MethodInfo INFO =
            MethodInfo.named("iso_cts", "Iso-CTS")
                    .summary(
                            "Combines the main directions of the summed task vectors with directions of each model, all with equal singular values.")
                    .formula(
                            "base + lambda * mean(s) * polar(U) polar(V)ᵀ, with the first singular triplets of"
                                    + " D = sum_i(weight_i * d_i) and of each d_i without the span of D's;"
                                    + " matrices outside the layers and vectors: base + lambda * mean_i(d_i)")
                    .reference("https://arxiv.org/abs/2502.04959")
                    .taskVectors()
                    .params(WEIGHT, COMMON_SPACE, CommonParams.LAMBDA)
                    .build();

    @Override
    public MethodInfo info() {
        return INFO;
    }

    @Override
    int copies() {
        return 2;
    }

    /// All vectors of both sides, once as parts, once joined, and once orthogonalised.
    @Override
    long offHeap(MergeInput input) {
        long sides = input.shape().size(0) + input.shape().size(1);
        long rank = Math.min(input.shape().size(0), input.shape().size(1));
        return Matrices.decomposition(input) + 3 * Double.BYTES * sides * rank;
    }

    @Override
    Matrix change(MergeInput input, Changes changes) {
        int rank = Math.toIntExact(Math.min(input.shape().size(0), input.shape().size(1)));
        int common = (int) Math.round(input.number(COMMON_SPACE) * rank);
        int each = (rank - common) / input.others().size();
        try (Triplets triplets = new Triplets()) {
            triplets.add(changes.sum(), common);
            boolean spansNothing = triplets.isEmpty();
            for (int source : input.others()) {
                Matrix own = changes.of(source);
                triplets.add(spansNothing ? own : triplets.residual(own), each);
            }
            double mean = Arrays.stream(triplets.values()).average().orElse(0);
            return triplets.orthogonalised(_ -> mean);
        }
    }
}
