package jmergekit.page;

import java.util.List;

/// Figures that are shown when a reader chooses them.
///
/// @param name among the other choices
/// @param note how to read them, in a sentence or two; may be empty
/// @param charts below each other
public record Choice(String name, String note, List<Chart> charts) {
    public Choice {
        charts = List.copyOf(charts);
    }

    /// Of one chart, by its title.
    public static Choice of(Chart chart, String note) {
        return new Choice(chart.title(), note, List.of(chart));
    }
}
