package jmergekit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import jmergekit.compare.ModelDifference;
import jmergekit.compare.Sums;
import jmergekit.page.Numbers;

/// How the models to be merged differ, as text for a terminal.
final class PreviewText {
    private static final int PAIRS = 10;

    /// Figures that vary less than this over the layers are not shown by layer.
    private static final double STEADY = 0.05;

    private final ModelDifference models;
    private final Sums total;
    private final List<String> lines = new ArrayList<>();

    private PreviewText(ModelDifference models) {
        this.models = models;
        this.total = models.total();
    }

    static List<String> lines(ModelDifference models) {
        PreviewText text = new PreviewText(models);
        text.head();
        if (models.hasBase()) {
            text.changes();
        }
        text.pairs();
        return text.lines;
    }

    private void head() {
        lines.add("");
        lines.add(
                "models    compared on a sample of %s elements of %d tensors%s"
                        .formatted(
                                CheckText.count(total.elements()),
                                models.tensors().size(),
                                models.hasBase()
                                        ? "; the base is " + models.models().getFirst()
                                        : ""));
    }

    private void changes() {
        int width = models.models().stream().mapToInt(String::length).max().orElse(0);
        lines.add("  relative size of the change from the base");
        for (int i = 1; i < total.versions(); i++) {
            int model = i;
            lines.add(
                    "    %s  %s%s"
                            .formatted(
                                    ParameterText.padded(models.models().get(i), width),
                                    number(total.relativeChange(i)),
                                    spark(
                                            sums -> sums.relativeChange(model),
                                            PreviewText::number)));
        }
    }

    private void pairs() {
        List<Pair> pairs = Pair.of(models);
        if (pairs.isEmpty()) {
            return;
        }
        int width = pairs.stream().mapToInt(p -> p.name().length()).max().orElse(0);
        lines.add(
                models.hasBase()
                        ? "  cosine of the task vectors, and sign conflict"
                        : "  cosine of the models, and their distance relative to the first");
        for (Pair pair : pairs.subList(0, Math.min(PAIRS, pairs.size()))) {
            lines.add(
                    "    %s  %s  %s%s"
                            .formatted(
                                    ParameterText.padded(pair.name(), width),
                                    Numbers.fixed(pair.cosine(total, models.hasBase()), 4),
                                    models.hasBase()
                                            ? Share.text(
                                                    total.signConflict(pair.first(), pair.second()))
                                            : number(pair.relativeDistance(total)),
                                    spark(
                                            sums -> pair.cosine(sums, models.hasBase()),
                                            cosine -> Numbers.fixed(cosine, 4))));
        }
        if (pairs.size() > PAIRS) {
            lines.add("    and %d more pairs".formatted(pairs.size() - PAIRS));
        }
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "–" : Numbers.significant(value);
    }

    // A sparkline over the layers of the module with the most layers; empty if the figure is nearly
    // constant.
    private String spark(ToDoubleFunction<Sums> figure, DoubleFunction<String> written) {
        Map<Integer, Sums> layers = models.byLayer(Layers.largest(models));
        List<Double> values = layers.values().stream().map(figure::applyAsDouble).toList();
        double low = finite(values).min().orElse(0);
        double high = finite(values).max().orElse(0);
        if (values.size() < 2 || high - low <= STEADY * Math.max(Math.abs(low), Math.abs(high))) {
            return "";
        }
        return "  %s  %s to %s over the layers"
                .formatted(Spark.of(values, low, high), written.apply(low), written.apply(high));
    }

    private static DoubleStream finite(List<Double> values) {
        return values.stream().mapToDouble(v -> v).filter(Double::isFinite);
    }
}
