package jmergekit.method;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Parameters that several methods share.
final class CommonParams {
    static final Param WEIGHT =
            Param.number("weight", "how much this model contributes").eachModel();

    static final Param LAMBDA =
            Param.number("lambda", "factor on the merged task vector").orElse(1);

    static final Param DENSITY =
            Param.number("density", "fraction of the task vector to keep")
                    .eachModel()
                    .orElse(1)
                    .within(0, 1);

    /// A weight in a mean; only the ratios of the models' weights matter.
    static final Param SHARE =
            Param.number("weight", "how much this model contributes")
                    .eachModel()
                    .orElse(1)
                    .within(0, Double.POSITIVE_INFINITY);

    static final Param INT8_MASK = Param.inertFlag("int8_mask");

    private CommonParams() {}

    /// The [#SHARE] of each source.
    static double[] shares(MergeInput input) {
        double[] shares = new double[input.sources()];
        Arrays.setAll(shares, i -> input.number(i, SHARE));
        return shares;
    }

    /// What is wrong with shares that are all 0.
    static Optional<String> noShares(MergeInput input) {
        return Arrays.stream(shares(input)).sum() > 0
                ? Optional.empty()
                : Optional.of("the values of 'weight' are all 0");
    }

    /// The same weights with a sum of 1.
    static double[] normalised(double[] weights) {
        double sum = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(w -> w / sum).toArray();
    }

    static Param normalize(boolean defaultValue) {
        return Param.flag("normalize", defaultValue, "divide by the sum of the weights");
    }

    static Param rescale(boolean defaultValue) {
        return Param.flag(
                "rescale",
                defaultValue,
                "restore the task vector's L1 norm after dropping elements");
    }

    /// The parameters of a method that thins out task vectors and adds them.
    ///
    /// @param own the method's own parameters, which come after `density`
    static Param[] ofThinning(boolean normalize, boolean rescale, Param... own) {
        List<Param> params = new ArrayList<>(List.of(WEIGHT, DENSITY));
        params.addAll(List.of(own));
        params.addAll(List.of(normalize(normalize), rescale(rescale), LAMBDA, INT8_MASK));
        return params.toArray(Param[]::new);
    }
}
