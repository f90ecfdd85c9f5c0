package jmergekit.page;

import java.util.List;
import java.util.Optional;

/// A drawing of values.
///
/// To add a kind of chart: write a record of what it shows that implements this interface, add it to
/// the `permits` of this one, and let [#drawing] put shapes with classes of `page.css` into a [Canvas].
/// Whatever a reader may point at goes into [Canvas#point] with a text: the page then shows that text
/// to pointers, keys and screen readers alike, and keeps it as JSON. Nothing else is needed; the
/// page takes any chart, and [SvgFile] makes a file of it.
public sealed interface Chart permits Plot, Histogram, BarChart, ParallelCoordinates, HeatMap {
    /// What is seen, in a few words.
    String title();

    /// What is seen, for those who cannot see it, in a sentence or two.
    String description();

    /// The series' names with their looks; empty if none is needed.
    List<LegendEntry> legend();

    /// What colours mean, as a small drawing; empty if none is needed.
    default Optional<Canvas> key() {
        return Optional.empty();
    }

    /// The same as numbers, which readers find below the drawing.
    default Optional<Table> table() {
        return Optional.empty();
    }

    /// The shapes.
    Canvas drawing();

    /// @param look the classes of the swatch
    record LegendEntry(String name, String look) {}
}
