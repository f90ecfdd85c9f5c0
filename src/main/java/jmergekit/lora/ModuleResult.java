package jmergekit.lora;

/// The result for a module's factors.
///
/// @param rank of the factors; 0 if there are none, because the module is unchanged or all its
///     singular values are below the threshold
/// @param norm Frobenius norm of the weight's difference
/// @param error Frobenius norm of that difference minus the product of the stored factors
/// @param converged whether the error is estimated to be within 0.1 % of the smallest possible
/// @param stored whether the adapter has factors for the module; zeros if only its bias changed
public record ModuleResult(
        String module, int rank, double norm, double error, boolean converged, boolean stored) {

    /// The error relative to the difference; 0 if there is none.
    public double relativeError() {
        return norm == 0 ? 0 : error / norm;
    }

    /// The same result with factors padded with zeros to a larger rank.
    ModuleResult withRank(int rank) {
        return new ModuleResult(module, rank, norm, error, converged, true);
    }
}
