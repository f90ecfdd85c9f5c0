package jmergekit.page;

/// A point of a series.
///
/// @param x position on the horizontal axis
/// @param y position on the vertical axis
/// @param error length of the error bar on each side; 0 for none
/// @param text the text shown when a reader points at it; empty to show only its values
public record Mark(double x, double y, double error, String text) {
    /// A mark without an error bar.
    public static Mark of(double x, double y, String text) {
        return new Mark(x, y, 0, text);
    }
}
