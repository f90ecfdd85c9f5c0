package jmergekit.page;

import java.util.List;
import java.util.Optional;

/// A chart of values.
///
/// To add a kind of chart: write a record of its data that implements this interface, add it to the
/// `permits` clause, and let [#drawing] put shapes with classes from `page.css` on a [Canvas]. Pass
/// everything a reader may point at to [Canvas#point] with a text: the page then shows that text
/// for pointers, keys and screen readers, and keeps it as JSON. Nothing else is needed: pages
/// accept any chart, and [SvgFile] writes it to a file.
public sealed interface Chart permits Plot, Histogram, BarChart, ParallelCoordinates, HeatMap {
    /// A title of a few words.
    String title();

    /// A text alternative in a sentence or two.
    String description();

    /// The names and looks of the series; empty if no legend is needed.
    List<LegendEntry> legend();

    /// The colour key as a small drawing; empty if none is needed.
    default Optional<Canvas> key() {
        return Optional.empty();
    }

    /// The same data as numbers, shown below the drawing.
    default Optional<Table> table() {
        return Optional.empty();
    }

    /// The shapes.
    Canvas drawing();

    /// @param look the classes of the swatch
    record LegendEntry(String name, String look) {}
}
