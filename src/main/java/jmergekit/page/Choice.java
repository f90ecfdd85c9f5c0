package jmergekit.page;

import java.util.List;

/// Charts shown when a reader selects them.
///
/// @param name the name of the choice
/// @param note how to read the charts, in a sentence or two; may be empty
/// @param charts from top to bottom
public record Choice(String name, String note, List<Chart> charts) {
    public Choice {
        charts = List.copyOf(charts);
    }

    /// A choice of one chart, named by its title.
    public static Choice of(Chart chart, String note) {
        return new Choice(chart.title(), note, List.of(chart));
    }
}
