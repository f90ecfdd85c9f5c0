package jmergekit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import jmergekit.compare.ModelDifference;
import jmergekit.compare.Sums;
import jmergekit.page.Numbers;
import jmergekit.page.PageSection;
import jmergekit.page.Table;
import jmergekit.page.Table.Column;
import jmergekit.page.Table.Row;

/// A page section on how the models to be merged differ.
final class PreviewSection {
    private final ModelDifference models;
    private final Sums total;
    private final PageSection section;

    private PreviewSection(ModelDifference models, PageSection section) {
        this.models = models;
        this.total = models.total();
        this.section = section;
    }

    static void add(ModelDifference models, PageSection section) {
        PreviewSection part = new PreviewSection(models, section);
        part.head();
        if (models.hasBase()) {
            part.changes();
        }
        part.pairs();
        Layers.modules(models).forEach(part::layers);
    }

    private void head() {
        String base =
                models.hasBase() ? " The base is %s.".formatted(models.models().getFirst()) : "";
        section.paragraph(
                "From a sample of %s elements of %s tensors.%s"
                        .formatted(
                                CheckText.count(total.elements()),
                                Numbers.text(models.tensors().size()),
                                base));
    }

    private void changes() {
        List<Row> rows = new ArrayList<>();
        for (int i = 1; i < total.versions(); i++) {
            rows.add(
                    Row.of(
                            models.models().get(i),
                            Numbers.significant(total.relativeChange(i)),
                            Share.text(total.unchangedShare(i))));
        }
        section.table(
                new Table(
                        "Distance of each model from the base",
                        List.of(
                                Column.text("Model"),
                                Column.number("Change, relative to the base"),
                                Column.number("Elements unchanged")),
                        rows));
    }

    private void pairs() {
        List<Pair> pairs = Pair.of(models);
        if (pairs.isEmpty()) {
            return;
        }
        boolean base = models.hasBase();
        List<Row> rows = new ArrayList<>();
        for (Pair pair : pairs) {
            rows.add(
                    Row.of(
                            pair.name(),
                            Numbers.fixed(pair.cosine(total, base), 4),
                            base
                                    ? Share.text(total.signConflict(pair.first(), pair.second()))
                                    : Numbers.significant(pair.relativeDistance(total))));
        }
        section.table(
                new Table(
                        base ? "Agreement of changes" : "Similarity of models",
                        List.of(
                                Column.text("Models"),
                                Column.number(base ? "Cosine of task vectors" : "Cosine"),
                                Column.number(base ? "Sign conflict" : "Relative distance")),
                        rows));
    }

    private void layers(String module) {
        LayerCharts charts = new LayerCharts(models, module);
        boolean base = models.hasBase();
        List<Pair> pairs = Pair.of(models);
        if (base) {
            charts.lines(
                            "Size of the change from the base by layer",
                            "The norm of each model's change divided by the norm of the base.",
                            "relative change",
                            IntStream.range(1, total.versions())
                                    .mapToObj(i ->
                                            new LayerCharts.Line(
                                                    models.models().get(i),
                                                    sums -> sums.relativeChange(i)))
                                    .toList())
                    .ifPresent(section::chart);
        }
        charts.lines(
                        base ? "Cosine of task vectors by layer" : "Cosine by layer",
                        "1 for the same direction, 0 for unrelated directions.",
                        "cosine",
                        pairs.stream()
                                .map(p ->
                                        new LayerCharts.Line(
                                                p.name(), sums -> p.cosine(sums, base)))
                                .toList())
                .ifPresent(section::chart);
        if (base && !pairs.isEmpty()) {
            charts.map(
                            "Sign conflict by part and layer",
                            "The share of elements changed in both models of a pair that changed "
                                    + "in opposite directions, over all pairs.",
                            Sums::signConflict)
                    .ifPresent(section::chart);
        } else if (!pairs.isEmpty()) {
            charts.map(
                            "Relative distance of %s by part and layer"
                                    .formatted(pairs.getFirst().name()),
                            "The distance between the two divided by the norm of the first.",
                            pairs.getFirst()::relativeDistance)
                    .ifPresent(section::chart);
        }
    }
}
