package jmergekit.search;

/// The constants of CMA-ES for a number of dimensions and a population.
///
/// Source: Hansen, "The CMA Evolution Strategy: A Tutorial", arXiv:1604.00772, table 1 and equations
/// 49 to 58, with negative weights for the worse half; for diagonal covariances Ros and Hansen, "A
/// simple modification in CMA-ES achieving linear time and space complexity", PPSN 2008: learning
/// is `(n + 2) / 3` times as fast, and the worse half does not count.
///
/// @param parents how many of the best move the mean
/// @param weights by rank, the best first; those of the parents sum to 1, the others' are negative
///     or 0
/// @param effective the parents' variance-effective number, `mu_eff`
/// @param stepPath learning rate of the path for the step size, `c_sigma`
/// @param damping of the step size, `d_sigma`
/// @param shapePath learning rate of the path for the covariance, `c_c`
/// @param one learning rate of the rank-one update, `c_1`
/// @param many learning rate of the rank-mu update, `c_mu`
record Rates(
        int parents,
        double[] weights,
        double effective,
        double stepPath,
        double damping,
        double shapePath,
        double one,
        double many) {
    // Keeps a part of the covariance for very large populations.
    private static final double LEAST_KEPT = 1e-8;

    static Rates of(int n, int population, boolean diagonal) {
        int parents = population / 2;
        double[] raw = new double[population];
        for (int i = 0; i < population; i++) {
            raw[i] = StrictMath.log((population + 1) / 2.0) - StrictMath.log(i + 1);
        }
        double effective = effective(raw, 0, parents);
        double faster = diagonal ? (n + 2) / 3.0 : 1;
        double one = Math.min(1, faster * 2 / ((n + 1.3) * (n + 1.3) + effective));
        double many =
                Math.min(
                        1 - one - LEAST_KEPT,
                        faster
                                * 2
                                * (effective - 2 + 1 / effective)
                                / ((n + 2.0) * (n + 2.0) + effective));
        double negative = diagonal ? 0 : negativeMass(n, one, many, effective, raw, parents);
        double stepPath = (effective + 2) / (n + effective + 5);
        double damping = 1 + 2 * Math.max(0, Math.sqrt((effective - 1) / (n + 1)) - 1) + stepPath;
        return new Rates(
                parents,
                scaled(raw, negative),
                effective,
                stepPath,
                damping,
                (4 + effective / n) / (n + 4 + 2 * effective / n),
                one,
                many);
    }

    double sumOfWeights() {
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        return sum;
    }

    // What the negative weights sum to, without their sign: the least of equations 50 to 52.
    private static double negativeMass(
            int n, double one, double many, double effective, double[] raw, int parents) {
        double effectiveOthers = effective(raw, parents, raw.length);
        return Math.min(
                1 + one / many,
                Math.min(1 + 2 * effectiveOthers / (effective + 2), (1 - one - many) / (n * many)));
    }

    private static double effective(double[] raw, int from, int to) {
        double sum = 0;
        double squares = 0;
        for (int i = from; i < to; i++) {
            sum += raw[i];
            squares += raw[i] * raw[i];
        }
        return sum * sum / squares;
    }

    private static double[] scaled(double[] raw, double negativeMass) {
        double above = 0;
        double below = 0;
        for (double r : raw) {
            above += Math.max(r, 0);
            below -= Math.min(r, 0);
        }
        double[] weights = new double[raw.length];
        for (int i = 0; i < raw.length; i++) {
            weights[i] = raw[i] * (raw[i] >= 0 ? 1 / above : negativeMass / below);
        }
        return weights;
    }
}
