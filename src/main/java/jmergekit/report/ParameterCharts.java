package jmergekit.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import jmergekit.arch.Structure;
import jmergekit.method.Value;
import jmergekit.page.Axis;
import jmergekit.page.Chart;
import jmergekit.page.HeatMap;
import jmergekit.page.Mark;
import jmergekit.page.PageSection;
import jmergekit.page.Plot;
import jmergekit.page.Scale;
import jmergekit.page.Series;
import jmergekit.page.Table;
import jmergekit.page.Table.Column;
import jmergekit.page.Table.Row;
import jmergekit.report.ParameterValues.Curve;

/// Parameters on a page: a line chart for each that varies over the layers, a heat map if parts of
/// layers differ, and a table of all parameters.
final class ParameterCharts {
    /// Colours of a page.
    private static final int COLOURS = 6;

    /// The maximum number of distinguishable rows in a map.
    private static final int ROWS = 60;

    private static final int CELLS = 20_000;

    private final List<ParameterValues> all;

    ParameterCharts(List<ParameterValues> all) {
        this.all = List.copyOf(all);
    }

    void addTo(PageSection section) {
        if (all.isEmpty()) {
            section.paragraph("No tensor uses a method with parameters.");
            return;
        }
        charts().forEach(section::chart);
        section.table(table());
    }

    private List<Chart> charts() {
        Map<List<String>, List<ParameterValues>> same = new LinkedHashMap<>();
        for (ParameterValues values : all) {
            if (values.isNumber()) {
                same.computeIfAbsent(
                                List.of(values.method(), values.name()), _ -> new ArrayList<>())
                        .add(values);
            }
        }
        List<Chart> charts = new ArrayList<>();
        same.values().stream()
                .filter(s -> s.stream().anyMatch(ParameterValues::variesInLayers))
                .forEach(s -> modules(s).forEach(module -> addCharts(s, module, charts)));
        return charts;
    }

    private static List<String> modules(List<ParameterValues> all) {
        return all.stream()
                .flatMap(v -> v.curves().stream())
                .map(Curve::module)
                .distinct()
                .toList();
    }

    // Models with one value per layer share a line chart; each of the others has a map.
    private static void addCharts(List<ParameterValues> all, String module, List<Chart> charts) {
        List<Series> lines = new ArrayList<>();
        List<Chart> maps = new ArrayList<>();
        for (ParameterValues values : all) {
            List<Curve> curves =
                    values.curves().stream().filter(c -> c.module().equals(module)).toList();
            if (curves.size() == 1) {
                lines.add(series(values, curves.getFirst(), lines.size()));
            } else if (curves.size() > 1) {
                map(values, module, curves).ifPresent(maps::add);
            }
        }
        if (lines.stream().anyMatch(ParameterCharts::varies)) {
            String title = lines.size() == 1 ? of(all, lines) : all.getFirst().name();
            charts.add(plot(title, all.getFirst(), module, lines));
        }
        charts.addAll(maps);
    }

    private static boolean varies(Series series) {
        return series.marks().stream().mapToDouble(Mark::y).distinct().count() > 1;
    }

    private static String of(List<ParameterValues> all, List<Series> lines) {
        String name = lines.getFirst().name();
        return all.stream()
                .filter(v -> v.source().orElse(v.name()).equals(name))
                .findFirst()
                .orElseThrow()
                .title();
    }

    private static Series series(ParameterValues values, Curve curve, int number) {
        String name = values.source().orElse(values.name());
        List<Mark> marks = new ArrayList<>();
        curve.byLayer()
                .forEach((layer, value) ->
                        marks.add(
                                Mark.of(
                                        layer,
                                        ParameterText.number(value),
                                        "%s, layer %d: %s"
                                                .formatted(
                                                        name, layer, ParameterText.text(value)))));
        return new Series(name, Series.Style.LINE, number % COLOURS, marks);
    }

    private static Plot plot(
            String title, ParameterValues values, String module, List<Series> series) {
        double[] numbers =
                series.stream().flatMap(s -> s.marks().stream()).mapToDouble(Mark::y).toArray();
        return new Plot(
                "%s by layer%s (%s)".formatted(title, inModule(module), values.method()),
                "One line per model: the value of %s for each layer.".formatted(values.name()),
                Plot.Size.WIDE,
                Layers.axis(series),
                new Axis(values.name(), Scale.around(numbers)),
                series,
                List.of());
    }

    private static String inModule(String module) {
        return module.equals(Structure.DEFAULT_MODULE) ? "" : " of " + module;
    }

    private static Optional<Chart> map(ParameterValues values, String module, List<Curve> curves) {
        TreeSet<Integer> layers = new TreeSet<>();
        Map<String, double[]> rows = new LinkedHashMap<>();
        curves.forEach(c -> layers.addAll(c.byLayer().keySet()));
        List<Integer> columns = List.copyOf(layers);
        for (Curve curve : curves) {
            for (String part : curve.parts()) {
                double[] row = new double[columns.size()];
                for (int i = 0; i < row.length; i++) {
                    Value value = curve.byLayer().get(columns.get(i));
                    row[i] = value == null ? Double.NaN : ParameterText.number(value);
                }
                // Experts with the same value share a row.
                rows.putIfAbsent(rowName(part, row, rows), row);
            }
        }
        if (rows.size() > ROWS || (long) rows.size() * columns.size() > CELLS) {
            return Optional.empty();
        }
        return Optional.of(
                new HeatMap(
                        "%s by part and layer%s (%s)"
                                .formatted(values.title(), inModule(module), values.method()),
                        "The value of %s for each part of each layer.".formatted(values.name()),
                        List.copyOf(rows.keySet()),
                        columns.stream().map(String::valueOf).toList(),
                        List.copyOf(rows.values())));
    }

    private static String rowName(String part, double[] row, Map<String, double[]> rows) {
        String form = PartNames.form(part);
        double[] same = rows.get(form);
        return same == null || Arrays.equals(same, row) ? form : part;
    }

    private Table table() {
        List<Row> rows = new ArrayList<>();
        for (ParameterValues values : all) {
            for (ParameterText.Line line : ParameterText.of(values)) {
                rows.add(
                        Row.of(
                                values.name(),
                                values.source().orElse("all models"),
                                line.tensors().isEmpty() ? "all" : line.tensors(),
                                line.text(),
                                values.method()));
            }
        }
        return new Table(
                "Values of all parameters",
                List.of(
                        Column.text("Parameter"),
                        Column.text("Of"),
                        Column.text("Tensors"),
                        Column.text("Value"),
                        Column.text("Method")),
                rows);
    }
}
