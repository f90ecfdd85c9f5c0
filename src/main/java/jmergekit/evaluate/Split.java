package jmergekit.evaluate;

import java.util.Locale;

/// Which part of a task's items is used.
public enum Split {
    /// The items used during the search.
    SEARCH,
    /// The items not used during the search.
    HELD_OUT;

    /// In lower case, as passed to evaluators.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
