package jmergekit.planner;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import jmergekit.model.ModelFolder;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.TensorLocation;

/// Compares how models store the FP8 weights that an output takes from them. Weights at one place
/// are compared across all layers, because a model may have some layers that are not quantised.
final class ScaledLayers {
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private final List<ModelFolder> models;

    ScaledLayers(List<ModelFolder> models) {
        this.models = models;
    }

    /// Whether two models store the weights at one place in different ways.
    boolean areMixed(List<TensorTask> tasks) {
        Map<String, Map<Integer, Set<String>>> places = new HashMap<>();
        for (TensorTask task : tasks) {
            if (task.output().shape().rank() > 1) {
                TaskInput source = task.inputs().getFirst();
                Set<String> ways =
                        places.computeIfAbsent(
                                        NUMBER.matcher(task.output().name()).replaceAll("*"),
                                        _ -> new HashMap<>())
                                .computeIfAbsent(source.model(), _ -> new HashSet<>());
                scaling(source).ifPresent(ways::add);
            }
        }
        return places.values().stream().map(Map::values).anyMatch(ScaledLayers::differ);
    }

    private static boolean differ(Collection<Set<String>> models) {
        return models.stream()
                .anyMatch(a ->
                        models.stream()
                                .anyMatch(b ->
                                        !(a.isEmpty() && b.isEmpty())
                                                && Collections.disjoint(a, b)));
    }

    private Optional<String> scaling(TaskInput source) {
        ModelFolder model = models.get(source.model());
        Optional<TensorLocation> scale = QuantisedTensors.scale(model, source.source());
        return scale.map(s -> {
            TensorSpec spec = s.entry().spec();
            String name = NUMBER.matcher(spec.name()).replaceAll("*");
            Optional<ScaleGrid> grid = ScaleGrid.of(source.shape(), spec.shape(), model.config());
            return "%s %s %s %s".formatted(source.dtype(), name, spec.dtype(), grid);
        });
    }
}
