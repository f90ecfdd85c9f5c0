package jmergekit.plan;

import jmergekit.method.Value;

/// Numbers as recipes have them.
public final class Numbers {
    private Numbers() {}

    /// `3`, `0.5`
    public static String text(double value) {
        return Value.of(value).toString();
    }
}
