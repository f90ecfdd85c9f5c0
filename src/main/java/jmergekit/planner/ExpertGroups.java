package jmergekit.planner;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.tensor.Shape;

/// Finds the experts among the tensors of a model. Layers whose experts are not as one of the known
/// layouts has them are left out.
final class ExpertGroups {
    private static final Pattern SPLIT =
            Pattern.compile("(.*\\bexperts\\.)(\\d{1,6})\\.(\\w+)\\.(?:weight|bias)");

    private final SourceModel model;

    ExpertGroups(SourceModel model) {
        this.model = model;
    }

    /// By the prefix of their names.
    Map<String, Experts> find() {
        Map<String, Experts> found = new TreeMap<>();
        Map<String, Integer> counts = new LinkedHashMap<>();
        Map<String, String> words = new HashMap<>();
        for (String name : model.tensors().keySet()) {
            if (!name.contains("experts.")) {
                continue;
            }
            Matcher split = SPLIT.matcher(name);
            Optional<ExpertTensor> fused = ExpertTensor.of(name);
            if (split.matches()) {
                counts.merge(split.group(1), Integer.parseInt(split.group(2)) + 1, Math::max);
                words.merge(
                        split.group(1),
                        " " + split.group(3) + " ",
                        (a, b) -> a.contains(b) ? a : a + b);
            } else if (fused.isPresent()) {
                fused(fused.get().prefix()).ifPresent(e -> found.put(e.prefix(), e));
            }
        }
        counts.forEach((prefix, count) ->
                split(prefix, count, words.get(prefix)).ifPresent(e -> found.put(prefix, e)));
        return found;
    }

    private Optional<Experts> fused(String prefix) {
        Map<String, Source> tensors = new HashMap<>();
        for (boolean bias : List.of(false, true)) {
            for (boolean gateUp : List.of(true, false)) {
                String name = new ExpertTensor(prefix, gateUp, bias).name();
                source(name).ifPresent(s -> tensors.put(name, s));
            }
        }
        Source up = tensors.get(new ExpertTensor(prefix, true, false).name());
        Source down = tensors.get(new ExpertTensor(prefix, false, false).name());
        if (up == null || down == null || up.shape().rank() != 3 || down.shape().rank() != 3) {
            return Optional.empty();
        }
        Shape a = up.shape();
        Shape b = down.shape();
        long count = a.size(0);
        boolean straight = a.size(1) == 2 * b.size(2) && a.size(2) == b.size(1);
        boolean transposed = a.size(2) == 2 * b.size(1) && a.size(1) == b.size(2);
        boolean sound =
                straight != transposed
                        && count == b.size(0)
                        && count > 0
                        && count <= Integer.MAX_VALUE
                        && a.elements() > 0
                        && tensors.entrySet().stream()
                                .filter(e -> e.getKey().endsWith("_bias"))
                                .allMatch(e -> isBias(e.getValue().shape(), count));
        ExpertLayout.Fused layout =
                new ExpertLayout.Fused(
                        transposed,
                        ExpertLayout.isOf(model.folder().config(), ExpertLayout.INTERLEAVED));
        return sound
                ? Optional.of(new Experts(prefix, (int) count, layout, layout, tensors))
                : Optional.empty();
    }

    private static boolean isBias(Shape shape, long count) {
        return shape.rank() == 2 && shape.size(0) == count && shape.elements() > 0;
    }

    private Optional<Experts> split(String prefix, int count, String words) {
        for (ExpertLayout.Split layout : ExpertLayout.Split.ALL) {
            if (words.contains(" " + layout.down() + " ")) {
                return split(prefix, count, layout);
            }
        }
        return Optional.empty();
    }

    private Optional<Experts> split(String prefix, int count, ExpertLayout.Split layout) {
        Map<String, Source> tensors = new HashMap<>();
        for (boolean bias : List.of(false, true)) {
            int found = 0;
            for (boolean gateUp : List.of(true, false)) {
                ExpertTensor tensor = new ExpertTensor(prefix, gateUp, bias);
                for (int expert = 0; expert < count; expert++) {
                    for (ExpertPart part : tensor.parts()) {
                        String name = tensor.nameOf(expert, part, layout);
                        Optional<Source> source = source(name);
                        source.ifPresent(s -> tensors.put(name, s));
                        found += source.isPresent() ? 1 : 0;
                    }
                }
            }
            if (found != 3 * count && (found > 0 || !bias)) {
                return Optional.empty();
            }
        }
        Experts experts = new Experts(prefix, count, layout, layout, tensors);
        return areAlike(experts) ? Optional.of(experts) : Optional.empty();
    }

    private static boolean areAlike(Experts experts) {
        ExpertTensor gateUp = new ExpertTensor(experts.prefix(), true, false);
        ExpertTensor down = new ExpertTensor(experts.prefix(), false, false);
        Shape up = experts.part(gateUp, 0, ExpertPart.UP).shape();
        if (up.rank() != 2 || up.elements() == 0) {
            return false;
        }
        for (int expert = 0; expert < experts.count(); expert++) {
            if (!experts.part(gateUp, expert, ExpertPart.UP).shape().equals(up)
                    || !experts.part(gateUp, expert, ExpertPart.GATE).shape().equals(up)
                    || !experts.part(down, expert, ExpertPart.DOWN)
                            .shape()
                            .equals(Shape.of(up.size(1), up.size(0)))) {
                return false;
            }
        }
        return true;
    }

    private Optional<Source> source(String name) {
        return model.source(name)
                .map(TaskInput::source)
                .map(s -> QuantisedTensors.scaled(model.folder(), s));
    }
}
