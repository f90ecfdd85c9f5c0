package jmergekit.engine;

/// How much of a module's merged change the rank of its factors cuts off.
///
/// @param tensor the name of its factor `A` in the output
/// @param rank of the factors
/// @param norm Frobenius norm of the merged change
/// @param error Frobenius norm of the part that is cut off
public record Truncation(String tensor, long rank, double norm, double error) {
    /// The error relative to the change; 0 if there is none.
    public double relative() {
        return norm == 0 ? 0 : error / norm;
    }
}
