package jmergekit.page;

import java.util.Arrays;
import java.util.List;

/// A table of numbers as colours, from pale for the least to dark for the greatest.
///
/// @param rows names from top to bottom
/// @param columns names from left to right
/// @param values by row, then column; those that are not finite stay empty
public record HeatMap(
        String title,
        String description,
        List<String> rows,
        List<String> columns,
        List<double[]> values)
        implements Chart {
    /// As in `page.css`.
    private static final int SHADES = 9;

    /// Cells that a browser draws without delay.
    private static final int MOST = 20_000;

    private static final double LEFT = 150;
    private static final double TOP = 110;
    private static final double LEAST = 760;

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
            throw new IllegalArgumentException("a heat map of more than " + MOST + " cells");
        }
    }

    @Override
    public List<LegendEntry> legend() {
        Scale scale = scale();
        return List.of(
                new LegendEntry(Numbers.brief(scale.low()), "cell q0"),
                new LegendEntry(Numbers.brief(scale.high()), "cell q" + (SHADES - 1)));
    }

    @Override
    public Canvas drawing() {
        double cell = Math.clamp((LEAST - LEFT - 10) / columns.size(), 14, 60);
        double high = Math.min(cell, 22);
        Canvas canvas = new Canvas(LEFT + cell * columns.size() + 60, TOP + high * rows.size() + 8);
        Scale scale = scale();
        for (int c = 0; c < columns.size(); c++) {
            String name = Canvas.shorten(columns.get(c), 18);
            canvas.text("name start", LEFT + cell * (c + 0.5), TOP - 8, -45, name);
        }
        for (int r = 0; r < rows.size(); r++) {
            double y = TOP + high * r;
            canvas.text("name end", LEFT - 8, y + high / 2 + 4, Canvas.shorten(rows.get(r), 20));
            for (int c = 0; c < columns.size(); c++) {
                double value = values.get(r)[c];
                if (Double.isFinite(value)) {
                    int shade = (int) Math.min(SHADES - 1, scale.position(value) * SHADES);
                    double x = LEFT + cell * c;
                    canvas.box("cell q" + shade, x, y, cell - 1, high - 1);
                    String text = "%s, %s: %s";
                    canvas.point(
                            x + cell / 2,
                            y + high / 2,
                            text.formatted(rows.get(r), columns.get(c), Numbers.text(value)));
                }
            }
        }
        return canvas;
    }

    private Scale scale() {
        double[] finite =
                values.stream().flatMapToDouble(Arrays::stream).filter(Double::isFinite).toArray();
        double low = Arrays.stream(finite).min().orElse(0);
        double high = Arrays.stream(finite).max().orElse(1);
        return low < high ? Scale.of(low, high) : Scale.of(low - 0.5, low + 0.5);
    }
}
