package jmergekit.method;

import jmergekit.primitive.Combination.WeightedSum;
import jmergekit.primitive.Primitives;

/// Spherical interpolation: the base model at `t` = 0, the other one at `t` = 1, and points on the
/// great circle through their directions in between.
///
/// Source: Shoemake, "Animating rotation with quaternion curves", 1985.
final class SlerpMerge implements MergeMethod {
    /// Above this cosine the angle is too small to divide by; the method interpolates linearly, as
    /// the reference does.
    private static final double COLINEAR = 0.9995;

    /// Tensors with a smaller norm have no direction.
    private static final double SMALLEST_NORM = 1e-8;

    private static final Param T =
            Param.number("t", "position between the base model (0) and the other one (1)");

    private static final MethodInfo INFO =
            MethodInfo.named("slerp", "SLERP")
                    .summary("Interpolates between the base and the other model on the sphere.")
                    .formula(
                            "sin((1 - t) a) / sin(a) * base + sin(t a) / sin(a) * x, a their angle")
                    .reference("https://en.wikipedia.org/wiki/Slerp")
                    .fromBaseToOther()
                    .params(T)
                    .build();

    @Override
    public MethodInfo info() {
        return INFO;
    }

    @Override
    public void merge(MergeInput input, Primitives primitives) {
        if (input.sources() == 1) {
            primitives.combine(new WeightedSum(new double[] {1}));
            return;
        }
        int base = input.base();
        int other = 1 - base;
        double t = input.number(T);
        double cosine = cosine(primitives.gram());
        double[] coefficients = new double[2];
        if (Math.abs(cosine) > COLINEAR) {
            coefficients[base] = 1 - t;
            coefficients[other] = t;
        } else {
            double angle = Math.acos(cosine);
            coefficients[base] = Math.sin((1 - t) * angle) / Math.sin(angle);
            coefficients[other] = Math.sin(t * angle) / Math.sin(angle);
        }
        primitives.combine(new WeightedSum(coefficients));
    }

    private static double cosine(double[][] gram) {
        double product = 1;
        for (int i = 0; i < 2; i++) {
            double norm = Math.sqrt(gram[i][i]);
            product *= norm > SMALLEST_NORM ? norm : 1;
        }
        return gram[0][1] / product;
    }
}
