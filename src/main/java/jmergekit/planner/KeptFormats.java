package jmergekit.planner;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import jmergekit.model.ModelFolder;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.problem.Problems;
import jmergekit.tensor.TensorSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Stores each tensor as in the first model: tensors that are quantised there are quantised in the
/// same blocks, under the same names. Tensors that come only from other models are stored like the
/// first model's tensor of the same name or, if it has none, like that of another layer.
final class KeptFormats {
    private final SourceModel first;
    private final List<ModelFolder> models;
    private final OutputDType dtype;
    private final Problems problems;
    private final Findings findings = new Findings();
    private final Map<String, String> kinds = new HashMap<>();

    /// @param first the first model
    KeptFormats(SourceModel first, List<ModelFolder> models, OutputDType dtype, Problems problems) {
        this.first = first;
        this.models = models;
        this.dtype = dtype;
        this.problems = problems;
        first.tensors().keySet().forEach(name -> kinds.putIfAbsent(kind(name), name));
    }

    private static String kind(String name) {
        return name.replaceAll("(?<=\\.)\\d+(?=\\.)", "*");
    }

    QuantisedOutput of(List<TensorTask> merged) {
        List<TensorTask> tasks = inNumbers(merged);
        List<TensorTask> all = new ArrayList<>();
        Set<String> others = new TreeSet<>();
        boolean anyQuantised = false;
        boolean asFirst = true;
        for (TensorTask task : tasks) {
            TensorSpec spec = task.output();
            boolean copied = QuantisedNames.isFloat8(spec.dtype());
            Optional<StoredFormat> format = copied ? Optional.empty() : format(task);
            boolean quantised = copied || format.isPresent();
            format.ifPresentOrElse(f -> all.addAll(quantised(task, f)), () -> all.add(task));
            anyQuantised |= quantised;
            if (LinearWeights.isMatrix(spec)) {
                asFirst &= isQuantised(spec.name()).equals(Optional.of(quantised));
                if (!quantised) {
                    others.add(LinearWeights.module(spec));
                }
            }
        }
        findings.report(problems, "choose a float 'out_dtype' such as bfloat16");
        JsonNode settings = first.folder().config().quantisation();
        if (!anyQuantised || !(settings instanceof ObjectNode before)) {
            return new QuantisedOutput(all, Optional.empty(), List.of());
        }
        ObjectNode after = before.deepCopy();
        boolean hasPatterns = before.path("quant_method").asString("").equals(Float4Output.METHOD);
        if (!asFirst && !hasPatterns) {
            others.addAll(ModuleList.of(before).withoutLayers().entries());
            new ModuleList(List.copyOf(others)).put(after);
        }
        long count = all.size() - tasks.size();
        return new QuantisedOutput(
                all,
                Optional.of(after),
                List.of("%d tensors are quantised as in '%s'".formatted(count, first.label())));
    }

    // Weights that other models store in FP8 in a different layout from the first model are
    // multiplied by their scales.
    private List<TensorTask> inNumbers(List<TensorTask> tasks) {
        Map<String, TensorTask> converted = new HashMap<>();
        Set<String> scales = new HashSet<>();
        for (TensorTask task : tasks) {
            TaskInput input = task.inputs().getFirst();
            String name = task.output().name();
            if (input.model() == 0 || !QuantisedNames.isFloat8(task.output().dtype())) {
                continue;
            }
            TaskInput scaled =
                    input.map(s -> QuantisedTensors.scaled(models.get(input.model()), s));
            Optional<StoredFormat> own = StoredFormat.of(scaled.source());
            Optional<StoredFormat> wanted = formatOfFirst(name);
            if (own.isPresent() && !own.equals(wanted) && !isLike(own.get(), wanted)) {
                converted.put(
                        name, MergeTasks.copy(name, scaled, dtype.asked().orElse(scaled.dtype())));
                scales.addAll(QuantisedNames.scaleNames(name));
            }
        }
        return tasks.stream()
                .filter(t -> !scales.contains(t.output().name()))
                .map(t -> converted.getOrDefault(t.output().name(), t))
                .toList();
    }

    private static boolean isLike(StoredFormat own, Optional<StoredFormat> wanted) {
        return wanted.filter(own::isLike).isPresent();
    }

    // Empty if the first model does not have the tensor.
    private Optional<Boolean> isQuantised(String name) {
        return first.find(name).map(_ -> formatOfFirst(name).isPresent() || isFloat8(name));
    }

    private boolean isFloat8(String name) {
        return first.find(name)
                .filter(l -> QuantisedNames.isFloat8(l.entry().spec().dtype()))
                .isPresent();
    }

    private Optional<StoredFormat> formatOfFirst(String name) {
        String like = first.find(name).isPresent() ? name : kinds.getOrDefault(kind(name), name);
        return first.source(like)
                .map(s -> QuantisedTensors.scaled(first.folder(), s.source()))
                .flatMap(StoredFormat::of);
    }

    private Optional<StoredFormat> format(TensorTask task) {
        return task.inputs().stream()
                .filter(i -> i.model() == 0)
                .findFirst()
                .filter(i -> !isPutTogether(i.source()))
                .map(i -> StoredFormat.of(i.source()))
                .orElseGet(() -> formatOfFirst(task.output().name()));
    }

    // True for gates and ups that are merged separately.
    private static boolean isPutTogether(Source source) {
        return source.all().anyMatch(Source.Made.class::isInstance);
    }

    private List<TensorTask> quantised(TensorTask task, StoredFormat format) {
        Source source = task.sources().getFirst();
        boolean isCopy =
                task.isCopy()
                        && source instanceof Source.Scaled scaled
                        && new StoredFormat(scaled).isLike(format);
        Optional<String> refusal = format.refusal(task.output().shape()).or(() -> measured(format));
        if (isCopy && format.refusal(task.output().shape()).isEmpty()) {
            return new StoredFormat((Source.Scaled) source)
                    .copies(task.output().name(), task.inputs().getFirst().model());
        }
        if (refusal.isEmpty()) {
            return format.tasks(task);
        }
        findings.add(
                first.label(),
                "tensor '%s' cannot be quantised as it was: %s"
                        .formatted(format.values().name(), refusal.get()));
        return List.of(task);
    }

    private Optional<String> measured(StoredFormat format) {
        String module = LinearWeights.module(format.values());
        for (String ending : List.of(".input_scale", ".activation_scale")) {
            if (first.folder().checkpoint().find(module + ending).isPresent()) {
                return Optional.of(
                        "'%s' was calibrated for the original weights".formatted(module + ending));
            }
        }
        return Optional.empty();
    }
}
