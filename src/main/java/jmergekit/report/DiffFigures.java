package jmergekit.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import jmergekit.compare.ChangeSample;
import jmergekit.compare.ModelDifference;
import jmergekit.compare.Sums;
import jmergekit.page.Axis;
import jmergekit.page.ColourScale;
import jmergekit.page.HeatMap;
import jmergekit.page.Histogram;
import jmergekit.page.Plot;
import jmergekit.page.Scale;

/// The charts of a comparison.
record DiffFigures(DiffModels models) {
    private static final int MATRIX = 12;
    private static final int BINS = 32;

    private ModelDifference difference() {
        return models.difference();
    }

    /// The change by layer of a module; empty for a single layer.
    Optional<Plot> changeByLayer(String module) {
        return lines(
                "Change by layer",
                "relative change",
                module,
                models.versions().stream()
                        .map(i -> new LayerCharts.Line(models.name(i), s -> s.relativeChange(i)))
                        .toList());
    }

    /// How often two models disagree, by layer of a module.
    Optional<Plot> conflictByLayer(String module) {
        if (!models.hasPairs()) {
            return Optional.empty();
        }
        return lines(
                "Sign conflict by layer",
                "share of elements that both changed",
                module,
                models.pairs().stream()
                        .map(p ->
                                new LayerCharts.Line(
                                        p.name(), s -> s.signConflict(p.first(), p.second())))
                        .toList());
    }

    private Optional<Plot> lines(
            String title, String label, String module, List<LayerCharts.Line> lines) {
        List<String> names =
                lines.stream().limit(LayerCharts.LINES).map(LayerCharts.Line::name).toList();
        String description =
                "%s, with one line each for: %s.".formatted(title, String.join(", ", names));
        return new LayerCharts(difference(), module)
                .linesFromZero(title, description, label, lines);
    }

    /// All pairs of models.
    List<HeatMap> matrices() {
        int count = Math.min(MATRIX, models.names().size());
        List<HeatMap> matrices = new ArrayList<>();
        if (count > 2) {
            matrices.add(matrix("Cosine of models", PairFigure.COSINE, 0, count));
        }
        if (models.hasPairs()) {
            matrices.add(matrix("Cosine of changes", PairFigure.CHANGE_COSINE, 1, count));
            matrices.add(matrix("Sign conflict", PairFigure.SIGN_CONFLICT, 1, count));
        }
        return matrices;
    }

    private HeatMap matrix(String title, PairFigure figure, int first, int count) {
        Sums total = difference().total();
        List<String> names = models.names().subList(first, count);
        List<double[]> values =
                IntStream.range(first, count)
                        .mapToObj(i ->
                                IntStream.range(first, count)
                                        .mapToDouble(j -> value(figure, total, i, j))
                                        .toArray())
                        .toList();
        boolean isShare = figure == PairFigure.SIGN_CONFLICT;
        ColourScale colours =
                isShare
                        ? ColourScale.sequential(Scale.of(0, 1), figure.title())
                        : ColourScale.diverging(Scale.of(-1, 1), figure.title());
        return new HeatMap(title, figure.meaning(), names, names, values)
                .coloured(colours)
                .numbered(3);
    }

    private static double value(PairFigure figure, Sums total, int i, int j) {
        boolean same = i == j && figure == PairFigure.SIGN_CONFLICT;
        return same ? Double.NaN : figure.of(total, i, j);
    }

    /// The sizes of element changes, from a sample.
    Optional<Histogram> magnitudes() {
        List<ChangeSample> samples =
                models.versions().stream().map(difference().total()::sample).toList();
        int[] filled =
                IntStream.range(0, ChangeSample.EXPONENTS)
                        .filter(k -> samples.stream().anyMatch(s -> s.magnitudes()[k] > 0))
                        .toArray();
        if (filled.length == 0) {
            return Optional.empty();
        }
        int first = Math.max(0, filled[0] - 1);
        int end = Math.min(ChangeSample.EXPONENTS, filled[filled.length - 1] + 2);
        Scale scale =
                Scale.logarithmic(
                        Math.scalb(1, ChangeSample.LEAST_EXPONENT + first),
                        Math.scalb(1, ChangeSample.LEAST_EXPONENT + end));
        List<Histogram.Sample> counts = new ArrayList<>();
        for (int model : models.versions().stream().limit(LayerCharts.LINES).toList()) {
            long[] all = samples.get(model - 1).magnitudes();
            List<Long> shown = IntStream.range(first, end).mapToObj(k -> (Long) all[k]).toList();
            counts.add(new Histogram.Sample(models.name(model), shown, 0));
        }
        return Optional.of(
                new Histogram(
                        "Sizes of element changes",
                        "The number of elements in a sample by size of change, in factors of two.",
                        new Axis("change of an element", scale),
                        end - first,
                        counts));
    }

    /// How much tensors changed.
    Optional<Histogram> tensorChanges() {
        List<double[]> changes =
                models.versions().stream()
                        .limit(LayerCharts.LINES)
                        .map(i ->
                                difference().tensors().stream()
                                        .mapToDouble(t -> t.sums().relativeChange(i))
                                        .toArray())
                        .toList();
        double[] all = changes.stream().flatMapToDouble(Arrays::stream).toArray();
        if (DoubleStream.of(all).noneMatch(v -> v > 0 && Double.isFinite(v))) {
            return Optional.empty();
        }
        Scale scale = ColourScale.powers("", 6, all).scale();
        List<Histogram.Sample> samples = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            samples.add(Histogram.sample(models.name(i + 1), scale, BINS, changes.get(i)));
        }
        return Optional.of(
                new Histogram(
                        "Relative changes of tensors",
                        "The number of tensors by size of change, relative to their norm.",
                        new Axis("relative change", scale),
                        BINS,
                        samples));
    }
}
