package jmergekit.arch;

import java.util.Optional;

/// A tensor name split at its first number: `model.layers.` `7` `.mlp.up_proj.weight`.
record TensorName(String prefix, int number, String rest) {
    /// Empty if no part of the name other than the first and the last is a number.
    static Optional<TensorName> split(String name) {
        int start = name.indexOf('.') + 1;
        while (start > 0) {
            int end = name.indexOf('.', start);
            if (end < 0) {
                return Optional.empty();
            }
            if (isNumber(name, start, end)) {
                return Optional.of(
                        new TensorName(
                                name.substring(0, start),
                                Integer.parseInt(name, start, end, 10),
                                name.substring(end + 1)));
            }
            start = end + 1;
        }
        return Optional.empty();
    }

    // Nine digits fit into an int; a longer number is not a layer number.
    private static boolean isNumber(String name, int start, int end) {
        if (end == start || end - start > 9) {
            return false;
        }
        for (int i = start; i < end; i++) {
            if (name.charAt(i) < '0' || name.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /// The word before the number, as in `layers`.
    String word() {
        int dot = prefix.lastIndexOf('.', prefix.length() - 2);
        return prefix.substring(dot + 1, prefix.length() - 1);
    }
}
