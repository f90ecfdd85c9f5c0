package jmergekit.page;

import java.util.List;
import java.util.Locale;

/// Values that belong together and look alike.
///
/// @param name for the legend
/// @param style how they are drawn
/// @param colour which of the page's colours, from 0 on; from 6 on they come again, dashed
/// @param marks in their order; those with a value that is not finite are left out, and interrupt a line
public record Series(String name, Style style, int colour, List<Mark> marks) {
    private static final int COLOURS = 6;

    public Series {
        marks = List.copyOf(marks);
    }

    /// The classes of what is drawn.
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
        /// Pale dots, for what is behind.
        PALE,
        /// Dots that stand out.
        LARGE,
        /// A line through all, with gaps where there is no value.
        LINE,
        /// Level from each to the next.
        STEPS,
        /// Columns from 0, as wide as the least distance of two.
        COLUMNS,
        /// Crosses at the lower edge, whatever `y` is: what has no value.
        CROSSES;

        String css() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
