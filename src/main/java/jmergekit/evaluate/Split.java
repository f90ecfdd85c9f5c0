package jmergekit.evaluate;

import java.util.Locale;

/// What part of the tasks' items is asked.
public enum Split {
    /// What a search sees.
    SEARCH,
    /// What it does not see.
    HELD_OUT;

    /// In lower case, as evaluators get it.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
