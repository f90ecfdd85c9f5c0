package jmergekit.lora;

/// How a module's factors came out.
///
/// @param rank of the factors; 0 if there are none, because the module is unchanged or all its singular
///     values are below the threshold
/// @param norm Frobenius norm of the weight's difference
/// @param error Frobenius norm of that difference less the product of the factors as stored
/// @param converged whether the error is within 0.1 % of the smallest possible, by estimate
/// @param stored whether the adapter holds factors; those of a module of which only the bias changed
///     are zeros
public record ModuleResult(
        String module, int rank, double norm, double error, boolean converged, boolean stored) {

    /// The error as a share of the difference; 0 if there is none.
    public double relativeError() {
        return norm == 0 ? 0 : error / norm;
    }

    /// The same with factors of a larger rank, filled with zeros.
    ModuleResult withRank(int rank) {
        return new ModuleResult(module, rank, norm, error, converged, true);
    }
}
