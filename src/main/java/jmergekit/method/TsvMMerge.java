package jmergekit.method;

import jmergekit.linalg.Triplets;
import jmergekit.primitive.Matrix;

/// Keeps the largest singular triplets of each task vector, an equal share of the rank for each model,
/// and makes the singular vectors of different models orthogonal to each other.
///
/// Source: Gargiulo et al., "Task singular vectors: reducing task interference in model merging",
/// <https://arxiv.org/abs/2412.00081>, section 4.
final class TsvMMerge extends SpectralMethod {
    private static final MethodInfo INFO =
            MethodInfo.named("tsv_m", "TSV-Merge")
                    .summary(
                            "Keeps the main directions of each task vector and makes those of different models orthogonal.")
                    .formula(
                            "base + lambda * polar(U) diag(s) polar(V)ᵀ, with the first min(m, n) / T singular"
                                    + " triplets of each weight_i * d_i; matrices outside the layers and vectors:"
                                    + " base + lambda * mean_i(d_i)")
                    .reference("https://arxiv.org/abs/2412.00081")
                    .taskVectors()
                    .params(WEIGHT, CommonParams.LAMBDA)
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
        int each = Math.max(1, rank / input.others().size());
        try (Triplets triplets = new Triplets()) {
            for (int source : input.others()) {
                triplets.add(changes.of(source), each);
            }
            return triplets.orthogonalised(value -> value);
        }
    }
}
