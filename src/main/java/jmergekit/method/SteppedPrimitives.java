package jmergekit.method;

import jmergekit.primitive.Combination;
import jmergekit.primitive.ForwardingPrimitives;
import jmergekit.primitive.Primitives;

/// Primitives for a method that steps follow: its combination is changed before it is written.
final class SteppedPrimitives extends ForwardingPrimitives {
    private final Primitives primitives;
    private final PostSteps steps;
    private final MergeInput input;

    SteppedPrimitives(Primitives primitives, PostSteps steps, MergeInput input) {
        super(primitives);
        this.primitives = primitives;
        this.steps = steps;
        this.input = input;
    }

    @Override
    public void combine(Combination combination) {
        steps.combine(input, primitives, combination);
    }
}
