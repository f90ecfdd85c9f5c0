package jmergekit.search;

/// The constants of CMA-ES for a number of dimensions and a population.
///
/// Source: Hansen, "The CMA Evolution Strategy: A Tutorial", arXiv:1604.00772, in its first version
/// of 2016: table 1 and equations 49 to 58 (the second version of 2023 has a larger `c_mu`), with
/// negative weights for the worse half. For diagonal covariances Ros and Hansen, "A simple
/// modification in CMA-ES achieving linear time and space complexity", PPSN 2008: learning is `(n +
/// 2) / 3` times as fast, and the worse half does not count.
///
/// @param parents number of best candidates that move the mean
/// @param weights by rank, best first; the parents' weights sum to 1, the others' are negative or 0
/// @param muEff the parents' variance-effective number, `mu_eff`
/// @param cSigma learning rate of the path for the step size, `c_sigma`
/// @param dSigma damping of the step size, `d_sigma`
/// @param cC learning rate of the path for the covariance, `c_c`
/// @param c1 learning rate of the rank-one update, `c_1`
/// @param cMu learning rate of the rank-mu update, `c_mu`; 0 for a single parent, as in a
///     population of 2 or 3
record Rates(
        int parents,
        double[] weights,
        double muEff,
        double cSigma,
        double dSigma,
        double cC,
        double c1,
        double cMu) {
    // Retains some of the covariance for very large populations.
    private static final double LEAST_KEPT = 1e-8;

    static Rates of(int n, int population, boolean diagonal) {
        int parents = population / 2;
        double[] raw = new double[population];
        for (int i = 0; i < population; i++) {
            raw[i] = StrictMath.log((population + 1) / 2.0) - StrictMath.log(i + 1);
        }
        double muEff = effective(raw, 0, parents);
        double faster = diagonal ? (n + 2) / 3.0 : 1;
        double c1 = Math.min(1, faster * 2 / ((n + 1.3) * (n + 1.3) + muEff));
        double cMu =
                Math.min(
                        1 - c1 - LEAST_KEPT,
                        faster * 2 * (muEff - 2 + 1 / muEff) / ((n + 2.0) * (n + 2.0) + muEff));
        double negative = diagonal ? 0 : negativeMass(n, c1, cMu, muEff, raw, parents);
        double cSigma = (muEff + 2) / (n + muEff + 5);
        double dSigma = 1 + 2 * Math.max(0, Math.sqrt((muEff - 1) / (n + 1)) - 1) + cSigma;
        return new Rates(
                parents,
                scaled(raw, negative),
                muEff,
                cSigma,
                dSigma,
                (4 + muEff / n) / (n + 4 + 2 * muEff / n),
                c1,
                cMu);
    }

    double sumOfWeights() {
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        return sum;
    }

    // The absolute sum of the negative weights: the minimum in equations 50 to 52.
    private static double negativeMass(
            int n, double c1, double cMu, double muEff, double[] raw, int parents) {
        double effectiveOthers = effective(raw, parents, raw.length);
        return Math.min(
                1 + c1 / cMu,
                Math.min(1 + 2 * effectiveOthers / (muEff + 2), (1 - c1 - cMu) / (n * cMu)));
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
