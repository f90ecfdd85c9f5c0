package jmergekit.method;

import java.util.Arrays;
import java.util.Optional;
import jmergekit.primitive.Primitives;

/// A merge method followed by the [PostSteps] that a recipe asks for.
class SteppedMethod implements MergeMethod {
    private final MergeMethod method;
    private final MethodInfo info;

    private SteppedMethod(MergeMethod method) {
        this.method = method;
        this.info = method.info().with(PostSteps.params(method.info()));
    }

    static MergeMethod of(MergeMethod method) {
        return method instanceof PreparedMethod prepared
                ? new Prepared(prepared)
                : new SteppedMethod(method);
    }

    @Override
    public MergeMethod plain() {
        return method;
    }

    @Override
    public MethodInfo info() {
        return info;
    }

    @Override
    public Optional<String> violation(MergeInput input) {
        return method.violation(input).or(() -> PostSteps.of(input).violation(input));
    }

    @Override
    public boolean copies(MergeInput input) {
        return method.copies(input);
    }

    @Override
    public Optional<double[]> changeFactors(MergeInput input) {
        PostSteps steps = PostSteps.of(input);
        return steps.changesMatrices()
                ? Optional.empty()
                : method.changeFactors(input)
                        .map(factors ->
                                Arrays.stream(factors).map(f -> f * steps.factor()).toArray());
    }

    @Override
    public long memory(MergeInput input) {
        return method.memory(input) + PostSteps.of(input).memory(input);
    }

    @Override
    public void merge(MergeInput input, Primitives primitives) {
        PostSteps steps = PostSteps.of(input);
        method.merge(
                input,
                steps.areNone() ? primitives : new SteppedPrimitives(primitives, steps, input));
    }

    private static final class Prepared extends SteppedMethod implements PreparedMethod {
        private final PreparedMethod method;

        Prepared(PreparedMethod method) {
            super(method);
            this.method = method;
        }

        @Override
        public String group(MergeInput input) {
            return method.group(input);
        }

        @Override
        public double[] measure(MergeInput input, Primitives primitives) {
            return method.measure(input, primitives);
        }
    }
}
