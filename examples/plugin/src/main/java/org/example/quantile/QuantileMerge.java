package org.example.quantile;

import java.util.Arrays;
import jmergekit.method.MatrixMethod;
import jmergekit.method.MergeInput;
import jmergekit.method.MethodInfo;
import jmergekit.method.Param;
import jmergekit.primitive.Matrix;

/// The quantile of the models' values at each element; by default the median. Between two values it
/// interpolates linearly.
public final class QuantileMerge extends MatrixMethod {
    private static final Param Q =
            Param.number("q", "which quantile: 0 is the smallest value, 0.5 the median, 1 the largest")
                    .within(0, 1)
                    .orElse(0.5);

    private static final MethodInfo INFO =
            MethodInfo.named("quantile", "Quantile")
                    .summary("Takes a quantile of the models' values at each element.")
                    .formula("quantile_q(x_1, ..., x_n)")
                    .elementwise()
                    .params(Q)
                    .build();

    @Override
    public MethodInfo info() {
        return INFO;
    }

    @Override
    protected Matrix merge(MergeInput input, Sources sources) {
        Matrix[] models = new Matrix[input.sources()];
        for (int i = 0; i < models.length; i++) {
            models[i] = sources.matrix(i);
        }
        float[] merged = new float[models[0].values().length];
        float[] values = new float[models.length];
        for (int e = 0; e < merged.length; e++) {
            for (int i = 0; i < values.length; i++) {
                values[i] = models[i].values()[e];
            }
            Arrays.sort(values);
            merged[e] = quantile(values, input.number(Q));
        }
        return new Matrix(merged, models[0].rows(), models[0].columns());
    }

    private static float quantile(float[] sorted, double q) {
        double place = q * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        double part = place - below;
        return part == 0
                ? sorted[below]
                : (float) ((1 - part) * sorted[below] + part * sorted[above]);
    }

    // All models and the result, four bytes for each element.
    @Override
    protected long bytes(int sources, long rows, long columns) {
        return 4 * rows * columns * (sources + 1);
    }
}
