package jmergekit.linalg;

/// Estimates, from how much of a matrix each round of an iteration captures, how much more the best
/// approximation of the same rank would capture.
final class Convergence {
    private final double total;
    private final double tolerance;
    private final double rounding;
    private int rounds;
    private double captured;
    private double gain;

    /// @param total the sum of the squares of all singular values
    /// @param tolerance of the squared error, relative
    /// @param rounding gains below this fraction of the captured part are insignificant
    Convergence(double total, double tolerance, double rounding) {
        this.total = total;
        this.tolerance = tolerance;
        this.rounding = rounding;
    }

    /// Adds the next round's sum of squares of the singular values to be kept.
    ///
    /// @return whether further rounds would reduce the error by less than the tolerance
    boolean reached(double nowCaptured) {
        rounds++;
        double before = gain;
        gain = nowCaptured - captured;
        captured = nowCaptured;
        if (rounds < 3) {
            return false;
        }
        return gain <= rounding * captured
                || gain * expected(gain / before) <= tolerance * Math.max(0, total - captured);
    }

    /// The remaining gains, in multiples of the last one. Gains that shrink by a constant ratio add
    /// up to ratio / (1 - ratio) of the last one. Twice that is used, because the ratio itself
    /// creeps up on flat spectra. Gains of the first rounds come from other parts of the spectrum
    /// and make the ratio too small, hence the lower limit.
    private double expected(double ratio) {
        double geometric = ratio < 1 ? 2 * ratio / (1 - ratio) : Double.POSITIVE_INFINITY;
        return Math.max(geometric, Math.max(3, rounds / 2.0));
    }
}
