package jmergekit.page;

/// A value of a series.
///
/// @param x place on the horizontal axis
/// @param y place on the vertical axis
/// @param error length of the error bar to either side; 0 for none
/// @param text what it is, for whoever points at it; empty for its values alone
public record Mark(double x, double y, double error, String text) {
    /// Without an error bar.
    public static Mark of(double x, double y, String text) {
        return new Mark(x, y, 0, text);
    }
}
