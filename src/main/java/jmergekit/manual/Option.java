package jmergekit.manual;

import java.util.List;

/// An option.
///
/// @param names with their dashes, short ones first, including negated ones
/// @param label the label of its value in the help; empty if it has none
/// @param value the possible values; [Value.Free] if it has none
/// @param inert whether it is accepted without effect
/// @param summary sentences
public record Option(List<String> names, String label, Value value, boolean inert, String summary) {
    public Option {
        names = List.copyOf(names);
    }

    boolean hasValue() {
        return !label.isEmpty();
    }

    /// A short description for a list, about one sentence.
    String brief() {
        return Brief.of(summary);
    }
}
