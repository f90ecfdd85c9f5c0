package jmergekit.bench;

/// Most time that a merge may take.
///
/// @param factor in times of what it is measured by
/// @param linear whether that is a linear merge of the same models, and not `cat` and `cp` of the
///     same bytes
record Target(double factor, boolean linear) {
    static Target ofCopying(double factor) {
        return new Target(factor, false);
    }

    static Target ofLinear(double factor) {
        return new Target(factor, true);
    }

    boolean met(double ratio) {
        return ratio <= factor;
    }

    @Override
    public String toString() {
        return "%.1f×%s".formatted(factor, linear ? " linear" : "");
    }
}
