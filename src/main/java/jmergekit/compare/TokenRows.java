package jmergekit.compare;

import java.util.List;
import java.util.Optional;

/// The rows of an embedding table that a version changed.
///
/// @param rows the number of compared rows
/// @param changed the number of rows with a changed element
/// @param most the rows with the largest relative change, largest first
public record TokenRows(long rows, long changed, List<Row> most) {
    public TokenRows {
        most = List.copyOf(most);
    }

    /// A changed row.
    ///
    /// @param token its token in the reference's vocabulary, if known
    /// @param relativeChange the norm of the change divided by the norm of the row; infinite if the
    ///     row was 0
    public record Row(long row, Optional<String> token, double relativeChange) {}
}
