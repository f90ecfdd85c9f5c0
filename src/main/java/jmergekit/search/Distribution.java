package jmergekit.search;

import java.util.Arrays;
import java.util.List;

/// The normal distribution that CMA-ES draws from, and its updates. Implements the whole method
/// except bounds and restarts.
///
/// Source: Hansen, "The CMA Evolution Strategy: A Tutorial", arXiv:1604.00772, appendix A.
///
/// @param mean one number for each coordinate
/// @param sigma the step size
/// @param covariance of steps of size 1
/// @param pSigma evolution path for the step size, `p_sigma`
/// @param pC evolution path for the covariance, `p_c`
/// @param generation number of updates
record Distribution(
        double[] mean,
        double sigma,
        Covariance covariance,
        double[] pSigma,
        double[] pC,
        long generation) {
    // Used for steps of length 0, such as the start's.
    private static final double NO_DIVISION_BY_ZERO = 1e-8;

    // Bounds the change of the step size's logarithm: steps from older distributions can be very
    // long.
    private static final double FASTEST_GROWTH = 1;

    static Distribution about(double[] mean, double sigma, boolean diagonal) {
        int n = mean.length;
        return new Distribution(
                mean, sigma, Covariance.identity(n, diagonal), new double[n], new double[n], 0);
    }

    int dimensions() {
        return mean.length;
    }

    /// @param z from the standard normal distribution
    double[] sample(double[] z) {
        double[] sample = covariance.step(z);
        Arrays.setAll(sample, i -> mean[i] + sigma * sample[i]);
        return sample;
    }

    /// The distribution after a generation.
    ///
    /// @param samples best first, as many as there are weights
    /// @throws ArithmeticException if numbers overflow
    Distribution updated(List<double[]> samples, Rates rates) {
        List<double[]> steps = samples.stream().map(this::stepTo).toList();
        double[] mean = this.mean.clone();
        double[] shift = shift(steps, rates);
        Arrays.setAll(mean, i -> this.mean[i] + sigma * shift[i]);

        double[] pSigma = moved(this.pSigma, rates.cSigma(), rates, covariance.whitened(shift));
        double length = length(pSigma) / expectedLength();
        double growth = rates.cSigma() / rates.dSigma() * (length - 1);
        double sigma = this.sigma * StrictMath.exp(Math.min(FASTEST_GROWTH, growth));

        // A long path means that the step size still has to grow: `h_sigma` of the tutorial.
        boolean stalled = length >= longest(rates.cSigma());
        double c = rates.cC();
        double[] pC = moved(this.pC, c, rates, stalled ? new double[mean.length] : shift);
        double lost = stalled ? rates.c1() * c * (2 - c) : 0;
        double keep = 1 + lost - rates.c1() - rates.cMu() * rates.sumOfWeights();
        return new Distribution(
                finite(mean),
                finite(sigma)[0],
                covariance.updated(keep, rates.c1(), pC, weights(steps, rates), steps),
                finite(pSigma),
                finite(pC),
                generation + 1);
    }

    private double[] stepTo(double[] sample) {
        double[] step = new double[sample.length];
        Arrays.setAll(step, i -> (sample[i] - mean[i]) / sigma);
        return step;
    }

    private double[] shift(List<double[]> steps, Rates rates) {
        double[] shift = new double[mean.length];
        for (int k = 0; k < rates.parents(); k++) {
            double weight = rates.weights()[k];
            double[] step = steps.get(k);
            Arrays.setAll(shift, i -> shift[i] + weight * step[i]);
        }
        return shift;
    }

    private static double[] moved(double[] path, double rate, Rates rates, double[] shift) {
        double factor = Math.sqrt(rate * (2 - rate) * rates.muEff());
        double[] moved = new double[path.length];
        Arrays.setAll(moved, i -> (1 - rate) * path[i] + factor * shift[i]);
        return moved;
    }

    // Negative weights are reduced for longer steps, so that the covariance stays positive
    // definite.
    private double[] weights(List<double[]> steps, Rates rates) {
        double[] weights = rates.weights().clone();
        for (int k = 0; k < weights.length; k++) {
            weights[k] *= rates.cMu();
            if (weights[k] < 0) {
                double length = length(covariance.whitened(steps.get(k)));
                weights[k] *= mean.length / (length * length + NO_DIVISION_BY_ZERO);
            }
        }
        return weights;
    }

    private double longest(double rate) {
        double n = mean.length;
        double known = 1 - StrictMath.pow(1 - rate, 2.0 * (generation + 1));
        return (1.4 + 2 / (n + 1)) * Math.sqrt(known);
    }

    // Approximate expected length of a standard normal vector.
    private double expectedLength() {
        double n = mean.length;
        return Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
    }

    private static double length(double[] vector) {
        double squares = 0;
        for (double x : vector) {
            squares += x * x;
        }
        return Math.sqrt(squares);
    }

    private static double[] finite(double... numbers) {
        for (double number : numbers) {
            if (!Double.isFinite(number)) {
                throw new ArithmeticException("invalid distribution: " + number);
            }
        }
        return numbers;
    }

    /// The same distribution with another step size.
    Distribution withSigma(double wider) {
        return new Distribution(mean, wider, covariance, pSigma, pC, generation);
    }

    /// The largest standard deviation.
    double widest() {
        return sigma * Math.sqrt(Arrays.stream(covariance.axes()).max().orElseThrow());
    }

    State state() {
        return State.empty()
                .put("mean", mean)
                .put("sigma", sigma)
                .put("covariance", covariance.entries())
                .put("p_sigma", pSigma)
                .put("p_c", pC)
                .put("generation", generation);
    }

    /// @throws IllegalArgumentException if it is damaged
    static Distribution of(State state, int n, boolean diagonal) {
        double[] entries = state.finite("covariance", diagonal ? n : FullCovariance.size(n));
        Covariance covariance =
                diagonal ? new DiagonalCovariance(entries) : FullCovariance.of(n, entries);
        double sigma = state.finite("sigma");
        if (!(sigma > 0) || Arrays.stream(covariance.axes()).anyMatch(v -> !(v > 0))) {
            throw State.fault("a distribution without a positive width");
        }
        return new Distribution(
                state.finite("mean", n),
                sigma,
                covariance,
                state.finite("p_sigma", n),
                state.finite("p_c", n),
                state.whole("generation", 0, Long.MAX_VALUE - 1));
    }
}
