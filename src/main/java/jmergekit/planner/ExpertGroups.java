package jmergekit.planner;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jmergekit.plan.Rearranged;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.tensor.Shape;
import org.jspecify.annotations.Nullable;

/// Finds the experts among the tensors of a model. Layers whose experts match none of the known
/// layouts are skipped.
final class ExpertGroups {
    private static final Pattern SPLIT =
            Pattern.compile("(.*\\bexperts\\.)(\\d{1,6})\\.(\\w+)\\.(?:weight|bias)");

    // Models have hundreds. Each becomes a source of its own, even if it is only a few bytes.
    private static final long MOST = 1 << 16;

    /// The most rows or columns of a matrix that can be transposed.
    private static final long LONGEST = Rearranged.Transposed.MOST_ROWS;

    private final SourceModel model;

    /// What the names of a layer's tensors show.
    private static final class Names {
        private int experts;
        private int tensors;
        private boolean fused;
        private final Set<ExpertLayout.Split> split = new HashSet<>();
    }

    ExpertGroups(SourceModel model) {
        this.model = model;
    }

    /// The experts by the prefix of their names.
    Map<String, Experts> find() {
        Map<String, Names> layers = new TreeMap<>();
        for (String name : model.tensors().keySet()) {
            if (!name.contains("experts.")) {
                continue;
            }
            Matcher split = SPLIT.matcher(name);
            Optional<ExpertTensor> fused = ExpertTensor.of(name);
            if (split.matches()) {
                Names names = layers.computeIfAbsent(split.group(1), _ -> new Names());
                names.experts = Math.max(names.experts, Integer.parseInt(split.group(2)) + 1);
                names.tensors++;
                ExpertLayout.Split.ALL.stream()
                        .filter(l -> l.hasWord(split.group(3)))
                        .forEach(names.split::add);
            } else if (fused.isPresent()) {
                layers.computeIfAbsent(fused.get().prefix(), _ -> new Names()).fused = true;
            }
        }
        Map<String, Experts> found = new TreeMap<>();
        layers.forEach(
                (prefix, names) -> experts(prefix, names).ifPresent(e -> found.put(prefix, e)));
        return found;
    }

    // If the same weights were stored in two layouts, one would replace the other.
    private Optional<Experts> experts(String prefix, Names names) {
        if (names.fused) {
            return names.split.isEmpty() ? fused(prefix) : Optional.empty();
        }
        return names.split.size() == 1
                        && names.experts <= MOST
                        && names.tensors >= 3L * names.experts
                ? split(prefix, names.experts, names.split.iterator().next())
                : Optional.empty();
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
                        && count <= MOST
                        && a.elements() > 0
                        && isBias(
                                tensors.get(new ExpertTensor(prefix, true, true).name()),
                                count,
                                a.size(straight ? 1 : 2))
                        && isBias(
                                tensors.get(new ExpertTensor(prefix, false, true).name()),
                                count,
                                b.size(straight ? 1 : 2))
                        && Math.max(a.size(1), a.size(2)) <= LONGEST
                        && areFloats(tensors);
        ExpertLayout.Fused layout =
                new ExpertLayout.Fused(
                        transposed,
                        ExpertLayout.isOf(model.folder().config(), ExpertLayout.INTERLEAVED));
        return sound
                ? Optional.of(new Experts(prefix, (int) count, layout, layout, tensors))
                : Optional.empty();
    }

    private static boolean isBias(@Nullable Source source, long count, long size) {
        return source == null || source.shape().equals(Shape.of(count, size));
    }

    private static boolean areFloats(Map<String, Source> tensors) {
        return tensors.values().stream().allMatch(s -> s.dtype().isFloat());
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
        return areFloats(tensors) && areAlike(experts) ? Optional.of(experts) : Optional.empty();
    }

    private static boolean areAlike(Experts experts) {
        ExpertTensor gateUp = new ExpertTensor(experts.prefix(), true, false);
        Shape up = experts.part(gateUp, 0, ExpertPart.UP).shape();
        if (up.rank() != 2 || up.elements() == 0 || Math.max(up.size(0), up.size(1)) > LONGEST) {
            return false;
        }
        Shape down = Shape.of(up.size(1), up.size(0));
        for (int expert = 0; expert < experts.count(); expert++) {
            if (!isLike(experts, expert, ExpertPart.UP, up)
                    || !isLike(experts, expert, ExpertPart.GATE, up)
                    || !isLike(experts, expert, ExpertPart.DOWN, down)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLike(Experts experts, int expert, ExpertPart part, Shape shape) {
        ExpertTensor matrix = new ExpertTensor(experts.prefix(), part != ExpertPart.DOWN, false);
        ExpertTensor bias = matrix.ofBias();
        return experts.part(matrix, expert, part).shape().equals(shape)
                && (!experts.has(bias)
                        || experts.part(bias, expert, part)
                                .shape()
                                .equals(Shape.of(shape.size(0))));
    }

    private Optional<Source> source(String name) {
        return model.source(name)
                .map(TaskInput::source)
                .flatMap(s -> QuantisedTensors.numbers(model.folder(), s));
    }
}
