package jmergekit.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import jmergekit.arch.Structure;
import jmergekit.compare.ModelDifference;
import jmergekit.compare.Sums;
import jmergekit.page.Axis;
import jmergekit.page.Chart;
import jmergekit.page.HeatMap;
import jmergekit.page.Mark;
import jmergekit.page.Numbers;
import jmergekit.page.Plot;
import jmergekit.page.Scale;
import jmergekit.page.Series;

/// Charts of compared models by layer.
record LayerCharts(ModelDifference models, String module) {
    /// The maximum number of distinguishable lines; lines beyond the page's colours are dashed.
    static final int LINES = 10;

    private static final int CELLS = 20_000;
    private static final int ROWS = 80;

    /// A line across the layers.
    record Line(String name, ToDoubleFunction<Sums> figure) {}

    /// The first [#LINES] lines, on an axis fitted to their values; empty if no value is finite or
    /// there are fewer than two layers.
    Optional<Plot> lines(String title, String description, String axis, List<Line> lines) {
        return lines(title, description, axis, lines, Scale::around);
    }

    /// The same on an axis from 0, for non-negative figures.
    Optional<Plot> linesFromZero(String title, String description, String axis, List<Line> lines) {
        return lines(title, description, axis, lines, LayerCharts::fromZero);
    }

    private static Scale fromZero(double... values) {
        double high = Arrays.stream(values).max().orElse(0);
        return Scale.of(0, high > 0 ? high * 1.05 : 1);
    }

    private Optional<Plot> lines(
            String title,
            String description,
            String axis,
            List<Line> lines,
            Function<double[], Scale> scale) {
        Map<Integer, Sums> layers = models.byLayer(module);
        List<Series> series = new ArrayList<>();
        for (Line line : lines.subList(0, Math.min(LINES, lines.size()))) {
            List<Mark> marks = new ArrayList<>();
            layers.forEach((layer, sums) -> {
                double value = line.figure().applyAsDouble(sums);
                String text = "%s, layer %d: %s".formatted(line.name(), layer, Numbers.text(value));
                marks.add(Mark.of(layer, value, text));
            });
            series.add(new Series(line.name(), Series.Style.LINE, series.size(), marks));
        }
        double[] values =
                series.stream()
                        .flatMap(s -> s.marks().stream())
                        .mapToDouble(Mark::y)
                        .filter(Double::isFinite)
                        .toArray();
        if (layers.size() < 2 || values.length == 0) {
            return Optional.empty();
        }
        return Optional.of(
                new Plot(
                        title + inModule(),
                        description,
                        Plot.Size.WIDE,
                        Layers.axis(series),
                        new Axis(axis, scale.apply(values)),
                        series,
                        List.of()));
    }

    /// A map of parts and layers; empty if there are too few cells or too many.
    Optional<Chart> map(String title, String description, ToDoubleFunction<Sums> figure) {
        Layers.Grid grid = Layers.grid(models, module, figure);
        int rows = grid.parts().size();
        int columns = grid.layers().size();
        boolean known =
                grid.parts().values().stream()
                        .flatMapToDouble(Arrays::stream)
                        .anyMatch(Double::isFinite);
        if (!known || rows > ROWS || (long) rows * columns > CELLS || columns < 2) {
            return Optional.empty();
        }
        return Optional.of(
                new HeatMap(
                        title + inModule(),
                        description,
                        grid.parts().keySet().stream().map(LayerCharts::row).toList(),
                        grid.layers().stream().map(String::valueOf).toList(),
                        List.copyOf(grid.parts().values())));
    }

    private static String row(String part) {
        return part.replaceFirst("\\.weight$", "");
    }

    private String inModule() {
        return module.equals(Structure.DEFAULT_MODULE) ? "" : ", " + module;
    }
}
