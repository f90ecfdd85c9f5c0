package jmergekit.compare;

import java.util.List;
import java.util.Optional;

/// Which rows of a table of tokens a version changed.
///
/// @param rows that were compared
/// @param changed how many of them have an element that changed
/// @param most those with the largest relative change, the largest first
public record TokenRows(long rows, long changed, List<Row> most) {
    public TokenRows {
        most = List.copyOf(most);
    }

    /// A row that changed.
    ///
    /// @param token what the reference's vocabulary calls it, if it is known
    /// @param relativeChange the norm of the change divided by that of the row; infinite if the row was 0
    public record Row(long row, Optional<String> token, double relativeChange) {}
}
