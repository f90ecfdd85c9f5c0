package jmergekit.method;

import jmergekit.primitive.Mask;

/// The random thinning of DARE: each element is kept with probability `density`.
final class Dropping {
    private Dropping() {}

    static Mask[] masks(MergeInput input) {
        return TaskVectors.masks(input, i -> mask(input, i, input.number(i, CommonParams.DENSITY)));
    }

    private static Mask mask(MergeInput input, int source, double density) {
        if (density >= 1) {
            return Mask.ALL;
        }
        return density <= 0 ? Mask.NONE : new Mask.Bernoulli(input.drawKey(source), density);
    }
}
