package jmergekit.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.DoublePredicate;

/// A heat map: a table of numbers as colours.
///
/// @param rows row names from top to bottom
/// @param across what the columns are, such as `layer`; empty if their names are enough
/// @param columns column names from left to right; some are omitted if there is little room
/// @param values by row, then column; NaN for an empty cell
/// @param decimals decimals of the numbers in the cells; negative to omit the numbers
public record HeatMap(
        String title,
        String description,
        List<String> rows,
        String across,
        List<String> columns,
        List<double[]> values,
        ColourScale colours,
        int decimals)
        implements Chart {
    /// Maximum number of cells, which a browser draws without delay.
    private static final int MOST = 20_000;

    private static final int NAME = 24;
    private static final int COLUMN_NAME = 18;
    private static final int SHORT = 4;
    private static final double WIDTH = 760;
    private static final double NUMBERED = 400;
    private static final double UPRIGHT = 22;

    public HeatMap {
        rows = List.copyOf(rows);
        columns = List.copyOf(columns);
        values = values.stream().map(double[]::clone).toList();
        int width = columns.size();
        boolean fits = values.size() == rows.size();
        if (!fits || values.stream().anyMatch(row -> row.length != width) || width == 0) {
            throw new IllegalArgumentException("a table with rows of different lengths");
        }
        if ((long) rows.size() * width > MOST) {
            throw new IllegalArgumentException("a heat map with more than " + MOST + " cells");
        }
    }

    /// A map with colours from the smallest to the largest value, without numbers.
    public HeatMap(
            String title,
            String description,
            List<String> rows,
            List<String> columns,
            List<double[]> values) {
        this(
                title,
                description,
                rows,
                "",
                columns,
                values,
                ColourScale.around("", values.stream().flatMapToDouble(Arrays::stream).toArray()),
                -1);
    }

    /// The same map with other colours.
    public HeatMap coloured(ColourScale other) {
        return new HeatMap(title, description, rows, across, columns, values, other, decimals);
    }

    /// The same map with numbers in the cells, for few columns.
    public HeatMap numbered(int digits) {
        return new HeatMap(title, description, rows, across, columns, values, colours, digits);
    }

    /// The same map with a name for the columns.
    public HeatMap across(String name) {
        return new HeatMap(title, description, rows, name, columns, values, colours, decimals);
    }

    @Override
    public List<LegendEntry> legend() {
        return List.of();
    }

    @Override
    public Optional<Canvas> key() {
        boolean zero = any(value -> value == 0) && colours.scale().logarithmic();
        return Optional.of(colours.key(zero, any(Double::isNaN)));
    }

    private boolean any(DoublePredicate what) {
        return values.stream().flatMapToDouble(Arrays::stream).anyMatch(what);
    }

    @Override
    public Optional<Table> table() {
        List<Table.Column> headings = new ArrayList<>();
        headings.add(Table.Column.text(""));
        columns.forEach(c -> headings.add(Table.Column.number(columnName(c))));
        List<Table.Row> lines = new ArrayList<>();
        for (int r = 0; r < rows.size(); r++) {
            List<Table.Cell> cells = new ArrayList<>();
            cells.add(Table.Cell.of(rows.get(r)));
            for (double value : values.get(r)) {
                cells.add(Table.Cell.of(Double.isNaN(value) ? "" : text(value)));
            }
            lines.add(new Table.Row(false, cells));
        }
        return Optional.of(new Table(title, headings, lines));
    }

    private String columnName(String name) {
        return across.isEmpty() ? name : across + " " + name;
    }

    private String text(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "infinite" : "-infinite";
        }
        return decimals < 0 ? Numbers.brief(value) : Numbers.fixed(value, decimals);
    }

    @Override
    public Canvas drawing() {
        double left = 18 + 6.8 * Math.min(NAME, longest(rows));
        double width = decimals < 0 ? WIDTH : NUMBERED;
        double cell = Math.clamp((width - left - 14) / columns.size(), least(), 110);
        double high = decimals < 0 ? Math.clamp(cell, 16, 22) : 34;
        int longest = Math.min(COLUMN_NAME, longest(columns));
        boolean isShort = longest <= SHORT || longest * 7 < cell;
        double top = isShort ? UPRIGHT : 26 + 4.7 * longest;
        double foot = across.isEmpty() ? 8 : 26;
        double right = left + cell * columns.size();
        double end = isShort ? Math.max(right + 14, width) : Math.max(right + 76, width);
        Canvas canvas = new Canvas(end, top + high * rows.size() + foot);
        names(canvas, left, cell, top, isShort);
        canvas.grid(new Canvas.Grid(left + cell / 2, top + high / 2, cell, high));
        // One path for all cells of a colour saves hundreds of elements compared with a box per
        // cell.
        TreeMap<String, Path> looks = new TreeMap<>();
        double gap = cell < 9 ? 0.5 : 1;
        for (int r = 0; r < rows.size(); r++) {
            double y = top + high * r;
            canvas.text("name end", left - 8, y + high / 2 + 4, Canvas.shorten(rows.get(r), NAME));
            for (int c = 0; c < columns.size(); c++) {
                double value = values.get(r)[c];
                double x = left + cell * c;
                boolean empty = Double.isNaN(value);
                Path path =
                        looks.computeIfAbsent(
                                empty ? "none" : colours.look(value), _ -> new Path());
                if (empty) {
                    path.move(x + gap, y + high - 2).line(x + cell - 2 * gap, y + 1);
                } else {
                    path.box(x, y, cell - gap, high - 1);
                }
            }
        }
        looks.forEach(canvas::path);
        if (decimals >= 0) {
            numbers(canvas, left, cell, top, high);
        }
        if (!across.isEmpty()) {
            double middle = (left + Math.min(right, width)) / 2;
            canvas.text("label middle", middle, top + high * rows.size() + 18, across);
        }
        return canvas;
    }

    /// The width of a cell that fits its number.
    private double least() {
        if (decimals < 0) {
            return 4.5;
        }
        int digits =
                values.stream()
                        .flatMapToDouble(Arrays::stream)
                        .mapToInt(v -> text(v).length())
                        .max()
                        .orElse(0);
        return 7 * digits + 12;
    }

    private void names(Canvas canvas, double left, double cell, double top, boolean isShort) {
        double room = isShort ? 9 + 7 * longest(columns) : 13;
        int stride = Scale.stride((int) Math.ceil(room / cell));
        for (int c = 0; c < columns.size(); c += stride) {
            double x = left + cell * (c + 0.5);
            if (isShort) {
                canvas.text("tick middle", x, top - 7, columns.get(c));
            } else {
                canvas.text(
                        "name start", x, top - 8, -45, Canvas.shorten(columns.get(c), COLUMN_NAME));
            }
        }
    }

    private void numbers(Canvas canvas, double left, double cell, double top, double high) {
        for (int r = 0; r < rows.size(); r++) {
            for (int c = 0; c < columns.size(); c++) {
                double value = values.get(r)[c];
                if (!Double.isNaN(value)) {
                    double x = left + cell * (c + 0.5);
                    double y = top + high * (r + 0.5) + 4;
                    canvas.text(colours.inkLook(value), x, y, text(value));
                }
            }
        }
    }

    private static int longest(List<String> names) {
        return names.stream().mapToInt(n -> n.codePointCount(0, n.length())).max().orElse(0);
    }
}
