package jmergekit.page;

import java.util.List;

/// Parallel coordinates: a vertical axis for each variable, a line for each item.
///
/// @param axes from left to right, at least two
/// @param lines the first one is emphasised; the last ones are the palest
public record ParallelCoordinates(
        String title, String description, List<Axis> axes, List<Line> lines) implements Chart {
    private static final double TOP = 150;
    private static final double BOTTOM = 350;
    private static final double LEFT = 40;
    private static final double STEP = 44;
    private static final double LEAST = 760;
    private static final int NAME = 22;

    /// @param values one per axis
    public record Line(String name, List<Double> values) {
        public Line {
            values = List.copyOf(values);
        }
    }

    public ParallelCoordinates {
        axes = List.copyOf(axes);
        lines = List.copyOf(lines);
        if (axes.size() < 2) {
            throw new IllegalArgumentException("parallel coordinates of " + axes.size() + " axes");
        }
    }

    @Override
    public List<LegendEntry> legend() {
        return List.of();
    }

    @Override
    public Canvas drawing() {
        double width = Math.max(LEAST, LEFT + STEP * (axes.size() - 1) + 150);
        double step = (width - LEFT - 120) / (axes.size() - 1);
        Canvas canvas = new Canvas(width, BOTTOM + 30);
        for (int i = 0; i < axes.size(); i++) {
            axis(canvas, axes.get(i), LEFT + i * step);
        }
        for (int i = lines.size() - 1; i >= 0; i--) {
            line(canvas, lines.get(i), i, step);
        }
        return canvas;
    }

    private static void axis(Canvas canvas, Axis axis, double x) {
        canvas.line("axis", x, TOP, x, BOTTOM);
        canvas.text("name start", x + 2, TOP - 24, -45, Canvas.shorten(axis.label(), NAME));
        Scale scale = axis.scale();
        boolean named = !scale.names().isEmpty();
        String high = named ? scale.names().getLast() : Numbers.brief(scale.high());
        String low = named ? scale.names().getFirst() : Numbers.brief(scale.low());
        canvas.text("tick middle", x, TOP - 8, Canvas.shorten(high, 7));
        canvas.text("tick middle", x, BOTTOM + 17, Canvas.shorten(low, 7));
    }

    private void line(Canvas canvas, Line line, int rank, double step) {
        Path path = new Path();
        boolean first = true;
        for (int i = 0; i < axes.size(); i++) {
            double value = line.values().get(i);
            if (!Double.isFinite(value)) {
                continue;
            }
            Scale scale = axes.get(i).scale();
            double x = LEFT + i * step;
            double y = BOTTOM - Math.clamp(scale.position(value), 0, 1) * (BOTTOM - TOP);
            if (first) {
                path.move(x, y);
            } else {
                path.line(x, y);
            }
            first = false;
            canvas.point(x, y, line.name() + ", " + axes.get(i).label() + ": " + scale.text(value));
        }
        String look = rank == 0 ? "thick c1" : rank * 2 < lines.size() ? "thin c0" : "thin pale c0";
        canvas.path(look, path);
    }
}
