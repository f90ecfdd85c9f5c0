package jmergekit.weights;

import java.util.List;
import jmergekit.problem.ShortList;

/// Formats names for messages.
final class Names {
    private static final int SHOWN = 5;

    private Names() {}

    /// `'a', 'b' and 3 more`
    static String list(List<String> names) {
        return ShortList.quoted(names, SHOWN);
    }

    /// `tensor 'a'` or `2 tensors ('a', 'b')`
    static String tensors(List<String> names) {
        return names.size() == 1
                ? "tensor '" + names.getFirst() + "'"
                : "%d tensors (%s)".formatted(names.size(), list(names));
    }
}
