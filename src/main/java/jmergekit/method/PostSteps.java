package jmergekit.method;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import jmergekit.linalg.OffHeap;
import jmergekit.linalg.Svd;
import jmergekit.method.MethodInfo.Base;
import jmergekit.primitive.Combination;
import jmergekit.primitive.Matrix;
import jmergekit.primitive.Primitives;

/// Steps after a merge that change the merged task vector of a tensor, in this order: `svc`,
/// `subspace_boosting`, and the scale of `lines_alpha` and `lines_beta`. Their parameters are common to
/// all methods that have a base model.
///
/// Sources: SVC, <https://arxiv.org/abs/2602.05536>; Subspace Boosting,
/// <https://arxiv.org/abs/2506.16506>; LiNeS, <https://arxiv.org/abs/2410.17146>.
record PostSteps(double alpha, double beta, double boosting, double svc) {
    static final Param LINES_ALPHA =
            Param.number("lines_alpha", "factor on the merged task vector in the first layer")
                    .orElse(1)
                    .shared();

    static final Param LINES_BETA =
            Param.number("lines_beta", "what the last layer adds to lines_alpha")
                    .orElse(0)
                    .overLayers()
                    .shared();

    static final Param SUBSPACE_BOOSTING =
            Param.number(
                            "subspace_boosting",
                            "share of the singular values after which the others are raised")
                    .orElse(1)
                    .within(0, 1)
                    .shared();

    static final Param SVC =
            Param.number("svc", "smallest projection that singular values are divided by; 0: off")
                    .orElse(0)
                    .within(0, 1)
                    .shared();

    private static final PostSteps NONE = new PostSteps(1, 0, 1, 0);

    /// The parameters for a method.
    static List<Param> params(MethodInfo info) {
        List<Param> params = new ArrayList<>();
        if (info.base() != Base.ORDINARY) {
            params.add(SUBSPACE_BOOSTING);
            params.add(SVC);
        }
        if (info.hasTaskVectors()) {
            params.add(LINES_ALPHA);
            params.add(LINES_BETA);
        }
        return params;
    }

    static PostSteps of(MergeInput input) {
        return new PostSteps(
                value(input, LINES_ALPHA),
                value(input, LINES_BETA),
                value(input, SUBSPACE_BOOSTING),
                value(input, SVC));
    }

    private static double value(MergeInput input, Param param) {
        return input.parameters()
                                .global()
                                .getOrDefault(param.name(), param.defaultValue().orElseThrow())
                        instanceof Value.Number(double number)
                ? number
                : Double.NaN;
    }

    boolean areNone() {
        return equals(NONE);
    }

    /// The factor on the merged task vector: `alpha + beta l / (L - 1)` in layer `l` of `L`.
    double factor() {
        return alpha + beta;
    }

    Optional<String> violation(MergeInput input) {
        return changesMatrices() && input.base() == Primitives.NO_BASE
                ? Optional.of("'svc' and 'subspace_boosting' need a base model")
                : Optional.empty();
    }

    /// Whether matrices have to be decomposed.
    boolean changesMatrices() {
        return svc != 0 || boosting != 1;
    }

    /// Bytes of heap in addition to those of the merge: the merged task vector, another task vector
    /// or the base, and the result.
    long memory(MergeInput input) {
        return changesMatrices() && Matrices.isMatrix(input) ? Matrices.heap(input, 3) : 0;
    }

    /// Writes the result of a combination with its task vector changed.
    void combine(MergeInput input, Primitives primitives, Combination combination) {
        if (!changesMatrices() || !Matrices.isMatrix(input)) {
            primitives.combine(combination.scaled(factor()));
            return;
        }
        Matrix change = Matrices.minusBase(primitives.result(combination), primitives);
        primitives.combine(new Combination.BasePlus(changed(input, primitives, change), factor()));
    }

    private Matrix changed(MergeInput input, Primitives primitives, Matrix change) {
        if (!Matrices.isUsable(change)) {
            return change;
        }
        return OffHeap.with(
                2 * Matrices.decomposition(input), () -> decomposed(input, primitives, change));
    }

    private Matrix decomposed(MergeInput input, Primitives primitives, Matrix change) {
        try (Svd svd = Svd.of(change)) {
            double[] values = svd.values();
            if (svc != 0) {
                calibrate(input, primitives, svd, values);
            }
            if (boosting != 1) {
                raise(values);
            }
            return svd.with(values);
        }
    }

    // p is how often a direction counts in the merged task vector what one model has in it.
    private void calibrate(MergeInput input, Primitives primitives, Svd svd, double[] values) {
        double[] sums = new double[values.length];
        for (int source : input.others()) {
            Svd.Shares shares =
                    svd.shares(primitives.taskVector(Matrices.only(source, input.sources())));
            for (int r = 0; r < values.length; r++) {
                double square = shares.squares()[r];
                double p = square == 0 ? 0 : shares.products()[r] / square;
                sums[r] += Math.max(svc, p);
            }
        }
        Arrays.setAll(values, r -> values[r] * input.others().size() / sums[r]);
    }

    // After calibration the values are not sorted any more, and count in their descending order.
    private void raise(double[] values) {
        double[] sorted = Arrays.stream(values).sorted().toArray();
        double total = Arrays.stream(values).sum();
        double sum = 0;
        double least = 0;
        for (int i = sorted.length - 1; i >= 0 && (least == 0 || sum < boosting * total); i--) {
            sum += sorted[i];
            least = sorted[i];
        }
        double floor = least;
        Arrays.setAll(values, i -> Math.max(values[i], floor));
    }
}
