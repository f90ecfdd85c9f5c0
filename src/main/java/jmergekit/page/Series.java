package jmergekit.page;

import java.util.List;
import java.util.Locale;

/// A series of values with the same look.
///
/// @param name for the legend
/// @param style how it is drawn
/// @param colour the index of the page's colour, from 0; from 6, colours repeat dashed
/// @param marks in order; marks with a non-finite value are omitted and interrupt a line
public record Series(String name, Style style, int colour, List<Mark> marks) {
    private static final int COLOURS = 6;

    public Series {
        marks = List.copyOf(marks);
    }

    /// The CSS classes of the shapes.
    String look() {
        return style.css() + " " + colourLook(colour);
    }

    static String colourLook(int colour) {
        return "c" + colour % COLOURS + (colour < COLOURS ? "" : " dashed");
    }

    /// How values are drawn.
    public enum Style {
        /// Dots.
        DOTS,
        /// Pale dots, for the background.
        PALE,
        /// Emphasised dots.
        LARGE,
        /// A line through all points, with gaps where there is no value.
        LINE,
        /// Horizontal steps from each point to the next.
        STEPS,
        /// Columns from 0, as wide as the smallest distance between two.
        COLUMNS,
        /// Crosses at the lower edge regardless of `y`, for items without a value.
        CROSSES;

        String css() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
