package jmergekit.method;

/// The factors that give trimmed task vectors the L1 norm they had before.
final class Rescaling {
    /// Norms below this are left alone, as the reference does.
    private static final double SMALLEST_NORM = 1e-7;

    private Rescaling() {}

    /// @param sums for each source the L1 norm of all differences and of the kept ones, as
    ///     [jmergekit.kernel.Primitives#absoluteSums] gives them
    static double[] scales(double[][] sums) {
        double[] scales = new double[sums.length];
        for (int i = 0; i < sums.length; i++) {
            double all = sums[i][0];
            double kept = sums[i][1];
            scales[i] = all < SMALLEST_NORM || kept < SMALLEST_NORM ? 1 : all / kept;
        }
        return scales;
    }
}
