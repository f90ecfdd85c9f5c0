package jmergekit.planner;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import jmergekit.model.ModelConfig;
import jmergekit.model.ModelFolder;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.TensorLocation;
import tools.jackson.databind.JsonNode;

/// Deals with quantised tensors: FP8 is multiplied by its scales where there is something to compute,
/// and copied with them where there is not; what cannot be computed with is refused. What belongs to
/// packed weights is copied as they are.
///
/// Source: checkpoints of the compressed-tensors and fine-grained FP8 layouts.
final class QuantisedTensors {
    private static final long BLOCK = 128;

    private final List<ModelFolder> models;
    private final List<PackedWeights> packed;
    private final Set<Integer> integers = new TreeSet<>();
    private final Findings findings = new Findings();

    QuantisedTensors(List<ModelFolder> models) {
        this.models = models;
        this.packed = models.stream().map(PackedWeights::of).toList();
    }

    /// Whether a configuration says that its weights are quantised.
    static boolean isDeclared(ModelConfig config) {
        return config.quantisation().isObject();
    }

    /// Whether the sources are scales of FP8 tensors.
    boolean isScale(List<TaskInput> sources) {
        return sources.stream()
                .anyMatch(s -> QuantisedNames.scales(model(s).checkpoint(), s.spec().name()));
    }

    /// Whether a tensor is to be copied bit for bit.
    boolean isStored(TaskInput source) {
        String name = source.spec().name();
        return QuantisedNames.isFloat8(source.spec().dtype())
                || packed.get(source.model()).owns(name)
                || QuantisedNames.scales(model(source).checkpoint(), name)
                || QuantisedNames.isScale(name) && isDeclared(model(source).config());
    }

    /// Refuses to compute with what unpacks a tensor that is itself only copied.
    void refuseUnpacking(List<TaskInput> sources) {
        for (TaskInput source : sources) {
            if (!packed.get(source.model()).owns(source.spec().name())) {
                continue;
            }
            if (IntegerQuantisation.of(model(source)).isPresent()) {
                integers.add(source.model());
            } else {
                findings.add(
                        model(source).reference().toString(),
                        "tensor '%s' belongs to quantised weights and can only be copied"
                                .formatted(source.spec().name()));
            }
        }
    }

    /// The sources, multiplied by their scales where they have some.
    List<TaskInput> scaled(List<TaskInput> sources) {
        return sources.stream().map(this::scaled).toList();
    }

    private TaskInput scaled(TaskInput source) {
        TensorSpec spec = source.spec();
        Optional<TensorLocation> scale =
                QuantisedNames.isFloat8(spec.dtype())
                        ? QuantisedNames.scaleOf(model(source).checkpoint(), spec.name())
                        : Optional.empty();
        if (scale.isEmpty()) {
            return source;
        }
        Optional<UnaryOperator<Source>> scaling = scaling(model(source), spec.shape(), scale.get());
        if (scaling.isEmpty()) {
            findings.add(
                    model(source).reference().toString(),
                    "tensor '%s' %s has scales %s, which do not fit"
                            .formatted(
                                    spec.name(), spec.shape(), scale.get().entry().spec().shape()));
            return source;
        }
        return source.map(s -> s.mapRoot(scaling.get()));
    }

    private static Optional<UnaryOperator<Source>> scaling(
            ModelFolder model, Shape shape, TensorLocation scale) {
        TensorSpec spec = scale.entry().spec();
        long columns = Math.max(1, shape.rowLength());
        if (!spec.dtype().isFloat() || QuantisedNames.isFloat8(spec.dtype())) {
            return Optional.empty();
        }
        if (spec.shape().elements() == 1) {
            long rows = Math.max(1, shape.elements() / columns);
            return Optional.of(scaled(model, scale, columns, rows, columns));
        }
        if (shape.rank() != 2) {
            return Optional.empty();
        }
        if (spec.shape().equals(Shape.of(shape.size(0), 1))
                || spec.shape().equals(Shape.of(shape.size(0)))) {
            return Optional.of(scaled(model, scale, columns, 1, columns));
        }
        JsonNode block = model.config().quantisation().path("weight_block_size");
        long blockRows = Math.max(1, block.path(0).asLong(BLOCK));
        long blockColumns = Math.max(1, block.path(1).asLong(BLOCK));
        Shape blocks = Shape.of(blocks(shape.size(0), blockRows), blocks(columns, blockColumns));
        return spec.shape().equals(blocks)
                ? Optional.of(scaled(model, scale, columns, blockRows, blockColumns))
                : Optional.empty();
    }

    private static UnaryOperator<Source> scaled(
            ModelFolder model,
            TensorLocation scale,
            long columns,
            long blockRows,
            long blockColumns) {
        Source scales = SourceModel.stored(scale, model::inputFile);
        DType dtype = dtype(model);
        return tensor -> new Source.Scaled(tensor, scales, columns, blockRows, blockColumns, dtype);
    }

    private static long blocks(long size, long block) {
        return (size + block - 1) / block;
    }

    private static DType dtype(ModelFolder model) {
        return model.config()
                .dtypes()
                .filter(d -> d.isFloat() && d.bytes() > 1)
                .findFirst()
                .orElse(DType.BF16);
    }

    /// Refuses to take the packed weights of one model for those of several.
    void refusePacked(List<TaskInput> sources) {
        if (sources.size() < 2) {
            return;
        }
        for (TaskInput source : sources) {
            boolean packed =
                    isDeclared(model(source).config())
                            && PackedWeights.isPacked(source.spec(), true);
            if (packed) {
                findings.add(
                        model(source).reference().toString(),
                        "tensor '%s' holds quantised weights as %s and cannot be merged"
                                .formatted(source.spec().name(), source.spec().dtype()));
            }
        }
    }

    private ModelFolder model(TaskInput source) {
        return models.get(source.model());
    }

    /// Adds what was refused. An output that is FP8 in part would need a configuration that says in
    /// which.
    void report(List<TensorTask> tasks, Problems problems) {
        integers.forEach(m ->
                IntegerQuantisation.of(models.get(m))
                        .map(p -> p.refusal(models.get(m), "'scale'"))
                        .ifPresent(problems::add));
        findings.report(problems, "convert the checkpoint to bfloat16 first, or use passthrough");
        Optional<TensorTask> scaled =
                tasks.stream()
                        .filter(t -> t.all().anyMatch(Source.Scaled.class::isInstance))
                        .findFirst();
        Optional<TensorTask> stored =
                tasks.stream()
                        .filter(TensorTask::isCopy)
                        .filter(t -> QuantisedNames.isFloat8(t.output().dtype()))
                        .findFirst();
        if (scaled.isPresent() && stored.isPresent()) {
            problems.add(
                    Problem.input(
                                    model(stored.get().inputs().getFirst()).reference().toString(),
                                    "FP8 tensor '%s' would be copied, but '%s' computed with"
                                            .formatted(
                                                    stored.get().output().name(),
                                                    scaled.get().output().name()))
                            .hint("convert the checkpoint to bfloat16 first"));
        }
    }
}
