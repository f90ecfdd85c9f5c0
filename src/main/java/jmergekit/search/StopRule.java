package jmergekit.search;

import java.util.Arrays;

/// Decides when a distribution has converged.
///
/// Source: Hansen, "The CMA Evolution Strategy: A Tutorial", arXiv:1604.00772, appendix B.3, without
/// `Stagnation`.
///
/// @param sigma0 the first step size
record StopRule(double sigma0) {
    private static final double NO_WIDTH = 1e-12;
    private static final double NO_DIFFERENCE = 1e-12;
    private static final double TOO_WIDE = 1e4;
    private static final double WORST_CONDITION = 1e14;

    /// The number of generations whose best values are considered.
    static int memory(int dimensions, int population) {
        return 10 + Math.ceilDiv(30 * dimensions, population);
    }

    /// @param best values of the last generations, as many as [#memory]
    /// @param last values of the last generation
    static boolean isFlat(double[] best, double[] last) {
        double highest = Double.NEGATIVE_INFINITY;
        double lowest = Double.POSITIVE_INFINITY;
        for (double[] values : new double[][] {best, last}) {
            for (double value : values) {
                highest = Math.max(highest, Double.isNaN(value) ? Double.NEGATIVE_INFINITY : value);
                lowest = Math.min(lowest, Double.isNaN(value) ? Double.NEGATIVE_INFINITY : value);
            }
        }
        return highest == lowest || highest - lowest < NO_DIFFERENCE;
    }

    boolean isDone(Distribution d) {
        return isNarrow(d)
                || d.widest() > TOO_WIDE * sigma0
                || isIllConditioned(d)
                || hasNoEffect(d);
    }

    private boolean isNarrow(Distribution d) {
        for (int i = 0; i < d.dimensions(); i++) {
            double deviation = Math.sqrt(d.covariance().variance(i));
            if (d.sigma() * Math.max(deviation, Math.abs(d.pC()[i])) >= NO_WIDTH * sigma0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isIllConditioned(Distribution d) {
        double[] axes = d.covariance().axes();
        double least = Arrays.stream(axes).min().orElseThrow();
        double most = Arrays.stream(axes).max().orElseThrow();
        return !(most <= WORST_CONDITION * least);
    }

    // The steps are too small to change the mean's last digit.
    private static boolean hasNoEffect(Distribution d) {
        double[] mean = d.mean();
        for (int i = 0; i < mean.length; i++) {
            double step = 0.2 * d.sigma() * Math.sqrt(d.covariance().variance(i));
            if (mean[i] + step == mean[i]) {
                return true;
            }
        }
        // Checks one axis per generation, in turn.
        double[] axis = d.covariance().axis((int) (d.generation() % mean.length));
        boolean effect = axis.length == 0;
        for (int i = 0; i < axis.length; i++) {
            effect |= mean[i] + 0.1 * d.sigma() * axis[i] != mean[i];
        }
        return !effect;
    }
}
