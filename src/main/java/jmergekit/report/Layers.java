package jmergekit.report;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import jmergekit.compare.ModelDifference;
import jmergekit.compare.Sums;
import jmergekit.compare.TensorDifference;
import jmergekit.page.Axis;
import jmergekit.page.Mark;
import jmergekit.page.Scale;
import jmergekit.page.Series;

/// Figures of compared models by layer.
final class Layers {
    private Layers() {}

    /// The modules that have layers.
    static List<String> modules(ModelDifference models) {
        return models.tensors().stream()
                .filter(t -> t.layer().isPresent())
                .map(TensorDifference::module)
                .distinct()
                .toList();
    }

    /// The module with the most layers; an empty name if none has layers.
    static String largest(ModelDifference models) {
        return modules(models).stream()
                .max(Comparator.comparingInt(m -> models.byLayer(m).size()))
                .orElse("");
    }

    /// The axis for series indexed by layer number.
    static Axis axis(List<Series> series) {
        double last =
                series.stream()
                        .flatMap(s -> s.marks().stream())
                        .mapToDouble(Mark::x)
                        .max()
                        .orElse(0);
        List<String> numbers =
                IntStream.rangeClosed(0, (int) last).mapToObj(String::valueOf).toList();
        return new Axis("layer", Scale.named(numbers));
    }

    /// A figure of each part of each layer.
    ///
    /// @param layers their numbers, from left to right
    /// @param parts the values by part, NaN where a layer lacks it
    record Grid(List<Integer> layers, Map<String, double[]> parts) {}

    static Grid grid(ModelDifference models, String module, ToDoubleFunction<Sums> figure) {
        Map<String, Map<Integer, Sums>> byPart = models.byPart(module);
        TreeSet<Integer> layers = new TreeSet<>();
        byPart.values().forEach(l -> layers.addAll(l.keySet()));
        List<Integer> columns = List.copyOf(layers);
        Map<String, double[]> rows = new LinkedHashMap<>();
        byPart.forEach((part, sums) ->
                rows.put(
                        part,
                        columns.stream()
                                .mapToDouble(l ->
                                        sums.containsKey(l)
                                                ? figure.applyAsDouble(sums.get(l))
                                                : Double.NaN)
                                .toArray()));
        return new Grid(columns, rows);
    }
}
