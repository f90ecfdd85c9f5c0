package jmergekit.search;

import java.util.List;

/// How steps are distributed about 0, but for the step size: a covariance `C`.
sealed interface Covariance permits FullCovariance, DiagonalCovariance {
    /// The identity.
    ///
    /// @param diagonal whether coordinates are to stay independent of each other
    static Covariance identity(int n, boolean diagonal) {
        return diagonal ? DiagonalCovariance.identity(n) : FullCovariance.identity(n);
    }

    /// A step of this distribution.
    ///
    /// @param z of the standard normal distribution
    double[] step(double[] z);

    /// `C^(-1/2)` times a step.
    double[] whitened(double[] step);

    /// `keep C + c1 p pᵀ + Σ weight y yᵀ`.
    ///
    /// @param weights one for each step `y`
    /// @throws ArithmeticException if the numbers get out of range
    Covariance updated(
            double keep, double c1, double[] path, double[] weights, List<double[]> steps);

    double variance(int coordinate);

    /// Variances along the principal axes, in any order.
    double[] axes();

    /// A standard deviation along a principal axis; none if the axes are the coordinates.
    ///
    /// @return empty if there is nothing that [#variance] does not tell
    double[] axis(int index);

    /// All that tells it from others: row by row the lower triangle, or the diagonal.
    double[] entries();
}
