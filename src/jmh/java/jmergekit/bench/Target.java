package jmergekit.bench;

/// The maximum time of a merge.
///
/// @param factor relative to the reference time
/// @param linear whether the reference is a linear merge of the same models, instead of `cat` and
///     `cp` of the same bytes
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
