package jmergekit.report;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import jmergekit.compare.ModelDifference;
import jmergekit.compare.Sums;
import jmergekit.compare.TensorDifference;
import jmergekit.compare.TokenRows;
import jmergekit.problem.Printable;

/// The most changed layers, parts, tensors and tokens of a model, for a terminal.
record MostChanged(ModelDifference difference) {
    private static final int MOST = 3;
    private static final int TOKENS = 6;
    private static final int NAME = 44;
    private static final int TOKEN = 20;

    private static final ModelFigure.Form FACTOR = ModelFigure.Form.FACTOR;

    /// The change by layer of the largest module.
    List<String> course(int model) {
        Map<Integer, Sums> layers = difference.byLayer(Layers.largest(difference));
        if (layers.size() < 2) {
            return List.of();
        }
        List<Double> values = layers.values().stream().map(s -> s.relativeChange(model)).toList();
        double high = values.stream().filter(Double::isFinite).max(Double::compare).orElse(0.0);
        int last = layers.keySet().stream().max(Integer::compare).orElse(0);
        int first = layers.keySet().iterator().next();
        return List.of(
                "%s  %s in layer %d, %s in layer %d"
                        .formatted(
                                Spark.of(values, 0, high),
                                FACTOR.text(values.getFirst()),
                                first,
                                FACTOR.text(values.getLast()),
                                last));
    }

    List<String> layers(int model) {
        Map<String, Sums> layers = new TreeMap<>();
        List<String> modules = Layers.modules(difference);
        for (String module : modules) {
            String prefix = modules.size() > 1 ? Printable.within(module, TOKEN) + " " : "";
            difference.byLayer(module).forEach((l, sums) -> layers.put(prefix + l, sums));
        }
        return greatest(model, layers);
    }

    List<String> parts(int model) {
        Map<String, Sums> parts = new TreeMap<>();
        Function<TensorDifference, String> name = t -> DiffModels.part(t.part());
        difference.tensors().stream()
                .filter(t -> t.layer().isPresent())
                .forEach(t -> parts.merge(name.apply(t), t.sums(), Sums::plus));
        return greatest(model, parts);
    }

    List<String> tensors(int model) {
        Map<String, Sums> tensors = new TreeMap<>();
        difference.tensors().forEach(t -> tensors.put(t.name(), t.sums()));
        return greatest(model, tensors);
    }

    private static List<String> greatest(int model, Map<String, Sums> sums) {
        ModelFigure change = ModelFigure.RELATIVE_CHANGE;
        return sums.entrySet().stream()
                .filter(e -> e.getValue().relativeChange(model) > 0)
                .sorted(
                        Comparator.comparingDouble((Map.Entry<String, Sums> e) ->
                                        e.getValue().relativeChange(model))
                                .reversed())
                .limit(MOST)
                .map(e ->
                        "%s (%s)"
                                .formatted(
                                        Printable.within(e.getKey(), NAME),
                                        change.text(e.getValue(), model)))
                .toList();
    }

    /// The most changed tokens of the first embedding table.
    List<String> tokens(int model) {
        return difference.tensors().stream()
                .flatMap(t -> t.rows().get(model).stream())
                .findFirst()
                .map(TokenRows::most)
                .stream()
                .flatMap(List::stream)
                .limit(TOKENS)
                .map(r -> token(r) + " (" + FACTOR.text(r.relativeChange()) + ")")
                .toList();
    }

    private static String token(TokenRows.Row row) {
        return row.token()
                .map(t -> "'" + Printable.within(t, TOKEN) + "'")
                .orElse("row " + row.row());
    }
}
