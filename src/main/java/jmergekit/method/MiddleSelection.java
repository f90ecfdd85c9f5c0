package jmergekit.method;

import jmergekit.primitive.Mask;
import jmergekit.primitive.Primitives;

/// The thinning of Model Breadcrumbs: drops the largest elements of a task vector, and then the
/// smallest until the fraction `density` is left.
final class MiddleSelection {
    static final Param GAMMA =
            Param.number("gamma", "fraction of the largest elements to drop")
                    .eachModel()
                    .orElse(0.01)
                    .within(0, 1);

    private MiddleSelection() {}

    static Mask[] masks(MergeInput input, Primitives primitives) {
        long[] bottom = new long[input.sources()];
        long[] top = new long[input.sources()];
        for (int source : input.others()) {
            double density = input.number(source, CommonParams.DENSITY);
            if (density < 1) {
                long dropped = input.elements() - (long) (density * input.elements());
                long largest = (long) (input.number(source, GAMMA) * input.elements());
                top[source] = Math.min(largest, dropped);
                bottom[source] = dropped - top[source];
            }
        }
        return primitives.selectBetween(bottom, top);
    }
}
