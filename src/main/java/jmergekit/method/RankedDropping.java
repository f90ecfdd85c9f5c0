package jmergekit.method;

import java.util.Optional;
import jmergekit.primitive.Mask;
import jmergekit.primitive.Primitives;

/// The random thinning of DELLA: within each row, large elements are more likely to be kept than
/// small ones.
final class RankedDropping {
    static final Param EPSILON =
            Param.number("epsilon", "half the range of keep probabilities within a row")
                    .eachModel()
                    .orElse(0.15)
                    .within(0, 0.5);

    private RankedDropping() {}

    static Optional<String> violation(MergeInput input) {
        for (int source : input.others()) {
            double density = input.number(source, CommonParams.DENSITY);
            double epsilon = input.number(source, EPSILON);
            boolean drawn = density > 0 && density < 1;
            if (drawn && (density - epsilon <= 0 || density + epsilon >= 1)) {
                return Optional.of(
                        ("'density' %s with 'epsilon' %s gives keep probabilities from %s to %s;"
                                        + " both must be between 0 and 1")
                                .formatted(
                                        density,
                                        epsilon,
                                        (float) (density - epsilon),
                                        (float) (density + epsilon)));
            }
        }
        return Optional.empty();
    }

    static Mask[] masks(MergeInput input, Primitives primitives) {
        return primitives.materialize(TaskVectors.masks(input, i -> mask(input, i)));
    }

    private static Mask mask(MergeInput input, int source) {
        double density = input.number(source, CommonParams.DENSITY);
        if (density >= 1) {
            return Mask.ALL;
        }
        return density <= 0
                ? Mask.NONE
                : new Mask.BernoulliByRank(
                        input.drawKey(source), density, input.number(source, EPSILON));
    }
}
