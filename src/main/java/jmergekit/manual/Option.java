package jmergekit.manual;

import java.util.List;

/// An option.
///
/// @param names with their dashes, short ones first, negated ones included
/// @param label what help calls its value; empty if it has none
/// @param value what it may be; [Value.Free] if it has none
/// @param inert whether it is accepted and does nothing
/// @param summary sentences
public record Option(List<String> names, String label, Value value, boolean inert, String summary) {
    public Option {
        names = List.copyOf(names);
    }

    boolean hasValue() {
        return !label.isEmpty();
    }

    /// The first sentence or so, for a line of a list.
    String brief() {
        return Brief.of(summary);
    }
}
