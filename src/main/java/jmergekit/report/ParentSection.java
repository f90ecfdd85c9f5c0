package jmergekit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import jmergekit.compare.ModelDifference;
import jmergekit.compare.Sums;
import jmergekit.page.Chart;
import jmergekit.page.Choice;
import jmergekit.page.Numbers;
import jmergekit.page.PageSection;
import jmergekit.page.Plot;
import jmergekit.page.Table;
import jmergekit.page.Table.Column;
import jmergekit.page.Table.Row;

/// A result compared with its parents. The models of the comparison are the base, if there is one,
/// the parents, and last the result.
final class ParentSection {
    private static final int MOST_MAPS = 6;

    private final ModelDifference models;
    private final Sums total;
    private final int result;

    ParentSection(ModelDifference models) {
        this.models = models;
        this.total = models.total();
        this.result = models.models().size() - 1;
    }

    private IntStream parents() {
        return IntStream.range(models.hasBase() ? 1 : 0, result);
    }

    void addTo(PageSection section) {
        section.paragraph(
                "From a sample of %s elements of %s tensors.%s"
                        .formatted(
                                CheckText.count(total.elements()),
                                Numbers.text(models.tensors().size()),
                                models.hasBase()
                                        ? " Changes are relative to the base, %s; the change of the result is %s of the base's norm."
                                                .formatted(
                                                        models.models().getFirst(),
                                                        number(total.relativeChange(result)))
                                        : ""));
        section.table(table());
        for (String module : Layers.modules(models)) {
            LayerCharts charts = new LayerCharts(models, module);
            summary(charts).ifPresent(section::chart);
            cosine(charts).ifPresent(section::chart);
            if (models.hasBase()) {
                kept(charts).ifPresent(section::chart);
            }
            List<Choice> maps = maps(charts);
            if (!maps.isEmpty()) {
                section.choice("Parent", maps);
            }
        }
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "–" : Numbers.significant(value);
    }

    private Table table() {
        boolean base = models.hasBase();
        List<Row> rows = new ArrayList<>();
        parents()
                .forEach(i ->
                        rows.add(
                                base
                                        ? Row.of(
                                                models.models().get(i),
                                                number(total.relativeChange(i)),
                                                number(total.changeCosine(result, i)),
                                                number(total.kept(result, i)),
                                                number(total.change(result) / total.change(i)))
                                        : Row.of(
                                                models.models().get(i),
                                                number(total.distance(result, i) / total.norm(i)),
                                                number(total.cosine(result, i)),
                                                number(total.normRatio(result, i)))));
        return new Table(
                "The result compared with each parent",
                base
                        ? List.of(
                                Column.text("Parent"),
                                Column.number("Its change, relative to the base"),
                                Column.number("Cosine of the changes"),
                                Column.number("Share of its change kept"),
                                Column.number("Norm ratio of the changes"))
                        : List.of(
                                Column.text("Parent"),
                                Column.number("Distance, relative to it"),
                                Column.number("Cosine"),
                                Column.number("Norm ratio")),
                rows);
    }

    /// The size of changes, or of distances without a base, by layer of the module with the most
    /// layers; empty if it has fewer than two.
    Optional<Plot> summary() {
        return summary(new LayerCharts(models, Layers.largest(models)));
    }

    private Optional<Plot> summary(LayerCharts charts) {
        List<LayerCharts.Line> lines = new ArrayList<>();
        if (models.hasBase()) {
            lines.add(line(result, sums -> sums.relativeChange(result)));
            parents().forEach(i -> lines.add(line(i, sums -> sums.relativeChange(i))));
            return charts.lines(
                    "Change from the base by layer",
                    "The norm of each model's change divided by the norm of the base.",
                    "relative change",
                    lines);
        }
        parents().forEach(i -> lines.add(line(i, sums -> sums.distance(result, i) / sums.norm(i))));
        return charts.lines(
                "Distance of the result from its parents by layer",
                "The norm of the difference divided by the norm of the parent.",
                "relative distance",
                lines);
    }

    private LayerCharts.Line line(int model, ToDoubleFunction<Sums> figure) {
        return new LayerCharts.Line(models.models().get(model), figure);
    }

    private Optional<Plot> cosine(LayerCharts charts) {
        boolean base = models.hasBase();
        return charts.lines(
                base ? "Cosine with the change of each parent" : "Cosine with each parent",
                "1 for the same direction as the parent, 0 for an unrelated one.",
                "cosine",
                parents()
                        .mapToObj(i ->
                                line(
                                        i,
                                        sums ->
                                                base
                                                        ? sums.changeCosine(result, i)
                                                        : sums.cosine(result, i)))
                        .toList());
    }

    private Optional<Plot> kept(LayerCharts charts) {
        return charts.lines(
                "Share of each parent's change that is kept",
                "The component of the result's change along the parent's change, relative to its "
                        + "norm: 1 if all of it is kept.",
                "kept",
                parents().mapToObj(i -> line(i, sums -> sums.kept(result, i))).toList());
    }

    private List<Choice> maps(LayerCharts charts) {
        List<Choice> choices = new ArrayList<>();
        parents()
                .limit(MOST_MAPS)
                .forEach(i -> {
                    String name = models.models().get(i);
                    Optional<Chart> map =
                            models.hasBase()
                                    ? charts.map(
                                            "Share of the change in %s that is kept"
                                                    .formatted(name),
                                            "For each part of each layer; 1 if all of it is kept.",
                                            sums -> sums.kept(result, i))
                                    : charts.map(
                                            "Distance from %s".formatted(name),
                                            "For each part of each layer, relative to the parent.",
                                            sums -> sums.distance(result, i) / sums.norm(i));
                    map.ifPresent(m -> choices.add(new Choice(name, "", List.of(m))));
                });
        return choices;
    }
}
