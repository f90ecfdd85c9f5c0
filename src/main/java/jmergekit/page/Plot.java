package jmergekit.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Values over two axes: dots, lines, steps and columns, together if need be, with levels that others
/// have reached.
///
/// Values outside of the axes are drawn at the edge. Of long series a part is drawn, and the chart
/// says so.
///
/// @param levels values of `y` as lines from left to right
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

    /// A line from left to right with its name.
    ///
    /// @param colour which of the page's colours, from 0 on
    public record Level(String name, double y, int colour) {}

    /// How much room there is.
    public enum Size {
        /// Across the page, with labels and thousands of marks.
        WIDE(760, 340, 62, 48, 2_000),
        /// Square, two beside each other.
        SQUARE(400, 340, 62, 48, 2_000),
        /// Small, several beside each other, without labels of axes.
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

    /// Of lines, a row for each place that has a value; empty if there is anything else, or too much.
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

    /// Whether some mark is a cross, which takes room below the axis' values.
    boolean hasCrosses() {
        return series.stream()
                .anyMatch(s -> s.style() == Series.Style.CROSSES && !s.marks().isEmpty());
    }

    Stream<Level> levelsInside() {
        return levels.stream().filter(level -> y.scale().contains(level.y()));
    }
}
