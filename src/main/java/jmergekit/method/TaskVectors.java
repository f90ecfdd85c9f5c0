package jmergekit.method;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntFunction;
import jmergekit.primitive.Combination.Division;
import jmergekit.primitive.Combination.Election;
import jmergekit.primitive.Combination.TaskVectorSum;
import jmergekit.primitive.Mask;
import jmergekit.primitive.Primitives;

/// The common part of the methods that add thinned-out task vectors to the base.
final class TaskVectors {
    /// Task vectors with a smaller norm are not rescaled, as in the reference.
    private static final double SMALLEST_NORM = 1e-7;

    private static final Param NORMALIZE = CommonParams.normalize(false);
    private static final Param RESCALE = CommonParams.rescale(false);

    private TaskVectors() {}

    /// The mask of each source except the base.
    static Mask[] masks(MergeInput input, IntFunction<Mask> ofSource) {
        Mask[] masks = new Mask[input.sources()];
        Arrays.fill(masks, Mask.ALL);
        for (int source : input.others()) {
            masks[source] = ofSource.apply(source);
        }
        return masks;
    }

    /// Adds the task vectors by `weight`, `rescale`, `normalize` and `lambda`.
    ///
    /// @param masks the elements of each that are kept
    static void add(MergeInput input, Primitives primitives, Mask[] masks, Election election) {
        double[] scales = new double[input.sources()];
        Arrays.fill(scales, 1);
        if (input.flag(RESCALE)) {
            scales = scales(primitives.absoluteSums(masks));
        }
        add(input, primitives, masks, scales, election);
    }

    /// The same for whole task vectors.
    static void add(MergeInput input, Primitives primitives) {
        double[] scales = new double[input.sources()];
        Arrays.fill(scales, 1);
        add(input, primitives, masks(input, _ -> Mask.ALL), scales, Election.NONE);
    }

    private static void add(
            MergeInput input,
            Primitives primitives,
            Mask[] masks,
            double[] scales,
            Election election) {
        Division division = election == Election.NONE ? Division.WEIGHTS : Division.ELECTED_WEIGHTS;
        primitives.combine(
                new TaskVectorSum(
                        input.numbers(CommonParams.WEIGHT),
                        scales,
                        masks,
                        election,
                        input.flag(NORMALIZE) ? division : Division.NONE,
                        input.number(CommonParams.LAMBDA)));
    }

    // The factors that restore the L1 norms that the task vectors had before thinning.
    private static double[] scales(double[][] sums) {
        double[] scales = new double[sums.length];
        for (int i = 0; i < sums.length; i++) {
            double all = sums[i][0];
            double kept = sums[i][1];
            scales[i] = all < SMALLEST_NORM || kept < SMALLEST_NORM ? 1 : all / kept;
        }
        return scales;
    }

    /// An error if a recipe keeps nothing of a model.
    static Optional<String> violationIfEmpty(MergeInput input) {
        for (int source : input.others()) {
            if (input.number(source, CommonParams.DENSITY) == 0) {
                return Optional.of(
                        "'density' 0 leaves nothing of the model; remove the model from the recipe instead");
            }
        }
        return Optional.empty();
    }
}
