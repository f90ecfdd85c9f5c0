package jmergekit.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Values on two axes: dots, lines, steps and columns, which can be combined, with horizontal
/// reference levels.
///
/// Values outside the axes are drawn at the edge. Long series are thinned, with a note in the
/// chart.
///
/// @param levels values of `y` drawn as horizontal lines
public record Plot(
        String title,
        String description,
        Size size,
        Axis x,
        Axis y,
        List<Series> series,
        List<Level> levels)
        implements Chart {
    private static final int MOST_CELLS = 5_000;

    public Plot {
        series = List.copyOf(series);
        levels = List.copyOf(levels);
    }

    /// A named horizontal line.
    ///
    /// @param colour the index of the page's colour, from 0
    public record Level(String name, double y, int colour) {}

    /// The size of the plot.
    public enum Size {
        /// Across the page, with labels and thousands of marks.
        WIDE(760, 340, 62, 48, 2_000),
        /// Square, for two side by side.
        SQUARE(400, 340, 62, 48, 2_000),
        /// Small, for several side by side, without axis labels.
        SMALL(300, 150, 62, 24, 500);

        final double width;
        final double height;
        final double left;
        final double bottom;
        final int marks;

        Size(double width, double height, double left, double bottom, int marks) {
            this.width = width;
            this.height = height;
            this.left = left;
            this.bottom = bottom;
            this.marks = marks;
        }
    }

    @Override
    public List<LegendEntry> legend() {
        if (size == Size.SMALL || series.size() < 2) {
            return List.of();
        }
        return series.stream()
                .filter(s -> !s.marks().isEmpty())
                .map(s -> new LegendEntry(s.name(), s.look()))
                .toList();
    }

    /// For lines, one row per x position with a value; empty if the plot has anything else or too
    /// many values.
    @Override
    public Optional<Table> table() {
        boolean lines = series.stream().allMatch(s -> s.style() == Series.Style.LINE);
        long all = series.stream().mapToLong(s -> s.marks().size()).sum();
        if (!lines || series.isEmpty() || all > MOST_CELLS) {
            return Optional.empty();
        }
        List<Table.Column> headings = new ArrayList<>();
        headings.add(Table.Column.text(x.label()));
        Map<Double, String[]> rows = new TreeMap<>();
        for (int i = 0; i < series.size(); i++) {
            headings.add(Table.Column.number(series.get(i).name()));
            for (Mark mark : series.get(i).marks()) {
                if (Double.isFinite(mark.y())) {
                    String[] row = rows.computeIfAbsent(mark.x(), this::emptyRow);
                    row[i + 1] = Numbers.brief(mark.y());
                }
            }
        }
        return Optional.of(
                new Table(title, headings, rows.values().stream().map(Table.Row::of).toList()));
    }

    private String[] emptyRow(double place) {
        String[] row = new String[series.size() + 1];
        Arrays.fill(row, "");
        row[0] = x.scale().text(place);
        return row;
    }

    @Override
    public Canvas drawing() {
        return new PlotDrawing(this).canvas();
    }

    /// Whether any mark is a cross, which needs room below the axis values.
    boolean hasCrosses() {
        return series.stream()
                .anyMatch(s -> s.style() == Series.Style.CROSSES && !s.marks().isEmpty());
    }

    Stream<Level> levelsInside() {
        return levels.stream().filter(level -> y.scale().contains(level.y()));
    }
}
