package jmergekit.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/// Draws a [Plot].
final class PlotDrawing {
    private static final double TOP = 14;
    private static final double CROSSES = 16;
    private static final double LINE_HEIGHT = 15;
    private static final int LEVEL_NAME = 20;

    private final Plot plot;
    private final Canvas canvas;
    private final boolean small;
    private final double left;
    private final double right;
    private final double bottom;

    PlotDrawing(Plot plot) {
        this.plot = plot;
        Plot.Size size = plot.size();
        this.canvas = new Canvas(size.width, size.height);
        this.small = size == Plot.Size.SMALL;
        boolean named = !small && plot.levelsInside().findAny().isPresent();
        this.left = size.left;
        this.right = size.width - (named ? 150 : 14);
        this.bottom = size.height - size.bottom - (plot.hasCrosses() ? CROSSES : 0);
    }

    Canvas canvas() {
        axes();
        levels();
        int outside = 0;
        int left = 0;
        int all = 0;
        for (Series series : plot.series()) {
            List<Mark> finite = series.marks().stream().filter(m -> isDrawn(series, m)).toList();
            Thinned thinned = Thinned.to(plot.size().marks, finite);
            draw(series, thinned.marks(), gaps(series));
            left += thinned.isThinner() ? thinned.marks().size() : 0;
            all += thinned.isThinner() ? thinned.of() : 0;
            if (series.style() != Series.Style.CROSSES) {
                outside += (int) finite.stream().filter(m -> !isInside(m)).count();
            }
        }
        if (left > 0) {
            canvas.note(
                    "%s of %s values are drawn: the minimum and maximum of each interval."
                            .formatted(Numbers.text(left), Numbers.text(all)));
        }
        if (outside > 0) {
            canvas.note(
                    "Outside the axes, drawn at the edge: %s.".formatted(Numbers.text(outside)));
        }
        return canvas;
    }

    private static NavigableSet<Double> gaps(Series series) {
        NavigableSet<Double> gaps = new TreeSet<>();
        if (series.style() == Series.Style.LINE) {
            series.marks().stream()
                    .filter(m -> !Double.isFinite(m.y()))
                    .forEach(m -> gaps.add(m.x()));
        }
        return gaps;
    }

    private static boolean isDrawn(Series series, Mark mark) {
        boolean cross = series.style() == Series.Style.CROSSES;
        return Double.isFinite(mark.x()) && (cross || Double.isFinite(mark.y()));
    }

    private boolean isInside(Mark mark) {
        return plot.x().scale().contains(mark.x()) && plot.y().scale().contains(mark.y());
    }

    private double x(double value) {
        return left + Math.clamp(plot.x().scale().position(value), 0, 1) * (right - left);
    }

    private double y(double value) {
        return bottom - Math.clamp(plot.y().scale().position(value), 0, 1) * (bottom - TOP);
    }

    private void axes() {
        double floor = plot.size().height - plot.size().bottom;
        Path grid = new Path();
        for (Scale.Tick tick : plot.y().scale().ticks(small ? 4 : 7)) {
            grid.move(left, y(tick.value())).line(right, y(tick.value()));
            String text = Canvas.shorten(tick.text(), small ? 8 : 10);
            canvas.text("tick end", left - 7, y(tick.value()) + 4, text);
        }
        canvas.path("grid", grid);
        for (Scale.Tick tick : plot.x().scale().ticks(small ? 4 : right - left > 400 ? 8 : 6)) {
            canvas.line("axis", x(tick.value()), floor, x(tick.value()), floor + 4);
            canvas.text("tick middle", x(tick.value()), floor + 17, tick.text());
        }
        canvas.line("axis", left, floor, right, floor);
        if (!small) {
            canvas.text("label middle", (left + right) / 2, floor + 39, plot.x().label());
            double middle = (TOP + bottom) / 2;
            canvas.text("label middle", 14, middle, -90, plot.y().label());
        }
    }

    private void levels() {
        List<Plot.Level> down =
                plot.levelsInside()
                        .sorted(Comparator.comparingDouble(Plot.Level::y).reversed())
                        .toList();
        double last = Double.NEGATIVE_INFINITY;
        List<Double> places = new ArrayList<>();
        for (Plot.Level level : down) {
            last = Math.max(y(level.y()), last + LINE_HEIGHT);
            places.add(last);
        }
        double over = Math.max(0, last - (plot.size().height - plot.size().bottom));
        for (int i = 0; i < down.size(); i++) {
            Plot.Level level = down.get(i);
            String look = "level c" + level.colour();
            double at = y(level.y());
            canvas.line(look, left, at, right, at);
            if (!small) {
                double place = Math.max(places.get(i) - over, TOP + i * LINE_HEIGHT);
                canvas.path("leader", new Path().move(right, at).line(right + 8, place));
                String name = Canvas.shorten(level.name(), LEVEL_NAME);
                canvas.text("name", right + 11, place + 4, name);
                canvas.point(right, at, level.name() + ": " + plot.y().scale().text(level.y()));
            }
        }
    }

    private void draw(Series series, List<Mark> marks, NavigableSet<Double> gaps) {
        Path path = new Path();
        Path errors = new Path();
        double half = series.style() == Series.Style.COLUMNS ? halfColumn(marks) : 0;
        double floor = plot.size().height - plot.size().bottom;
        boolean first = true;
        double level = 0;
        double last = 0;
        for (Mark mark : marks) {
            double x = x(mark.x());
            boolean cross = series.style() == Series.Style.CROSSES;
            double y = cross ? floor - CROSSES / 2 : y(mark.y());
            switch (series.style()) {
                case DOTS, PALE, LARGE -> path.dot(x, y);
                case CROSSES -> path.cross(x, y, 3);
                case COLUMNS ->
                        path.move(x - half, y(0))
                                .line(x - half, y)
                                .line(x + half, y)
                                .line(x + half, y(0));
                case LINE -> {
                    double low = Math.min(last, mark.x());
                    double high = Math.max(last, mark.x());
                    boolean joined = !first && gaps.subSet(low, high).isEmpty();
                    if (joined) {
                        path.line(x, y);
                    } else {
                        path.dot(x, y);
                    }
                }
                case STEPS -> {
                    if (!first) {
                        path.line(x, level);
                    }
                    if (first) {
                        path.move(x, y);
                    } else {
                        path.line(x, y);
                    }
                }
            }
            if (!cross && mark.error() > 0) {
                errors.errorBar(x, y(mark.y() - mark.error()), y(mark.y() + mark.error()), 3);
            }
            canvas.point(x, y, text(mark, cross));
            first = false;
            level = y;
            last = mark.x();
        }
        if (series.style() == Series.Style.STEPS && !first) {
            path.line(right, level);
        }
        canvas.path("error " + Series.colourLook(series.colour()), errors);
        canvas.path(series.look(), path);
    }

    private double halfColumn(List<Mark> marks) {
        double least = right - left;
        for (int i = 1; i < marks.size(); i++) {
            least = Math.min(least, Math.abs(x(marks.get(i).x()) - x(marks.get(i - 1).x())));
        }
        return Math.max(0.5, least * 0.45);
    }

    private String text(Mark mark, boolean cross) {
        if (!mark.text().isEmpty()) {
            return mark.text();
        }
        String x = plot.x().scale().text(mark.x());
        return cross ? x : x + ": " + plot.y().scale().text(mark.y());
    }
}
