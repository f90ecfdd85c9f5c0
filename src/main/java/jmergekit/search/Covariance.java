package jmergekit.search;

import java.util.List;

/// The distribution of steps around 0 without the step size: a covariance `C`.
sealed interface Covariance permits FullCovariance, DiagonalCovariance {
    /// The identity.
    ///
    /// @param diagonal whether coordinates are kept independent
    static Covariance identity(int n, boolean diagonal) {
        return diagonal ? DiagonalCovariance.identity(n) : FullCovariance.identity(n);
    }

    /// A step from this distribution.
    ///
    /// @param z from the standard normal distribution
    double[] step(double[] z);

    /// `C^(-1/2)` times a step.
    double[] whitened(double[] step);

    /// `keep C + c1 p pᵀ + Σ weight y yᵀ`.
    ///
    /// @param weights one for each step `y`
    /// @throws ArithmeticException if numbers overflow
    Covariance updated(
            double keep, double c1, double[] path, double[] weights, List<double[]> steps);

    double variance(int coordinate);

    /// Variances along the principal axes, in any order.
    double[] axes();

    /// A standard deviation along a principal axis; none if the axes are the coordinates.
    ///
    /// @return empty if [#variance] already contains everything
    double[] axis(int index);

    /// The full state: the lower triangle row by row, or the diagonal.
    double[] entries();
}
