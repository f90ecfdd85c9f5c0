package jmergekit.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Horizontal bars from 0 with error bars and values, in named groups.
///
/// @param series names of the bars in each group, in order
/// @param groups from top to bottom
public record BarChart(String title, String description, List<String> series, List<Group> groups)
        implements Chart {
    private static final double WIDTH = 400;
    private static final double LEFT = 128;
    private static final double RIGHT = WIDTH - 62;
    private static final double TOP = 8;
    private static final double BAR = 13;
    private static final double GAP = 9;
    private static final int NAME = 17;

    /// @param standsOut whether its name is bold
    /// @param bars one per series; non-finite ones are omitted
    public record Group(String name, boolean standsOut, List<Bar> bars) {
        public Group {
            bars = List.copyOf(bars);
        }
    }

    /// @param error length of the error bar on each side; 0 for none
    public record Bar(double value, double error) {
        /// A missing bar.
        public static final Bar NONE = new Bar(Double.NaN, 0);
    }

    public BarChart {
        series = List.copyOf(series);
        groups = List.copyOf(groups);
    }

    @Override
    public List<LegendEntry> legend() {
        List<LegendEntry> entries = new ArrayList<>();
        for (int i = 0; i < series.size() && series.size() > 1; i++) {
            entries.add(new LegendEntry(series.get(i), "bar c" + i));
        }
        return entries;
    }

    @Override
    public Canvas drawing() {
        double groupHeight = BAR * series.size() + GAP;
        double bottom = TOP + groupHeight * groups.size();
        Canvas canvas = new Canvas(WIDTH, bottom + 26);
        Scale scale = scale();
        Path grid = new Path();
        for (Scale.Tick tick : scale.ticks(6)) {
            grid.move(x(scale, tick.value()), TOP).line(x(scale, tick.value()), bottom);
            canvas.text("tick middle", x(scale, tick.value()), bottom + 17, tick.text());
        }
        canvas.path("grid", grid);
        int decimals = Numbers.decimals(values());
        double top = TOP;
        for (Group group : groups) {
            String look = group.standsOut() ? "name end strong" : "name end";
            double middle = top + (groupHeight - GAP) / 2 + GAP / 2;
            canvas.text(look, LEFT - 8, middle + 4, Canvas.shorten(group.name(), NAME));
            for (int i = 0; i < group.bars().size(); i++) {
                draw(canvas, scale, decimals, group, i, top + GAP / 2 + i * BAR);
            }
            top += groupHeight;
        }
        canvas.line("axis", x(scale, 0), TOP, x(scale, 0), bottom);
        return canvas;
    }

    private void draw(
            Canvas canvas, Scale scale, int decimals, Group group, int index, double top) {
        Bar bar = group.bars().get(index);
        if (!Double.isFinite(bar.value())) {
            return;
        }
        double zero = x(scale, 0);
        double end = x(scale, bar.value());
        double middle = top + BAR / 2;
        String look = "bar c" + index;
        canvas.box(look, Math.min(zero, end), top + 1, Math.abs(end - zero), BAR - 2);
        String value = Numbers.text(bar.value(), decimals);
        String error = "";
        if (bar.error() > 0) {
            double low = x(scale, bar.value() - bar.error());
            double high = x(scale, bar.value() + bar.error());
            Path path = new Path().move(low, middle).line(high, middle);
            path.move(low, middle - 3).line(low, middle + 3);
            path.move(high, middle - 3).line(high, middle + 3);
            canvas.path("whisker", path);
            error = " ± " + Numbers.text(bar.error(), decimals);
        }
        canvas.text("value start", RIGHT + 8, middle + 4, value);
        String which = series.size() > 1 ? ", " + series.get(index) : "";
        canvas.point(end, middle, group.name() + which + ": " + value + error);
    }

    private static double x(Scale scale, double value) {
        return LEFT + Math.clamp(scale.position(value), 0, 1) * (RIGHT - LEFT);
    }

    private double[] values() {
        return groups.stream()
                .flatMap(g -> g.bars().stream())
                .mapToDouble(Bar::value)
                .filter(Double::isFinite)
                .toArray();
    }

    /// From 0 to the end of the longest error bar.
    private Scale scale() {
        double[] ends =
                groups.stream()
                        .flatMap(g -> g.bars().stream())
                        .filter(b -> Double.isFinite(b.value()))
                        .flatMap(b ->
                                Arrays.asList(b.value() - b.error(), b.value() + b.error())
                                        .stream())
                        .mapToDouble(v -> Math.clamp(v, -1e299, 1e299))
                        .toArray();
        double low = Math.min(0, Arrays.stream(ends).min().orElse(0));
        double high = Math.max(0, Arrays.stream(ends).max().orElse(1));
        return low < high ? Scale.of(low, high) : Scale.of(0, 1);
    }
}
