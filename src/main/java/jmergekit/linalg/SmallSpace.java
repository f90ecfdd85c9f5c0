package jmergekit.linalg;

/// A space in which the changes that several adapters make to one matrix are small matrices of one
/// shape. A merge method merges these; the result is a change of the original matrix again, as a
/// product of two factors.
public sealed interface SmallSpace permits CoreSpace, KnotsSpace {
    /// The rows of the small matrices; 0 if all changes are zero.
    int rows();

    /// The columns of the small matrices; 0 if all changes are zero.
    int columns();

    /// A change in this space, row by row.
    float[] matrix(int change);

    /// The factors of a merged matrix, truncated to a rank by singular values.
    ///
    /// @param merged of this space, row by row
    /// @param rank of the factors; directions without a singular value are zeros
    TruncatedProduct product(float[] merged, int rank);
}
