package jmergekit.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import jmergekit.model.ModelConfig;
import jmergekit.model.ModelFolder;
import jmergekit.plan.Rearranged;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.problem.Problems;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.TensorLocation;

/// Handles quantised tensors. FP8 is multiplied by its scales where it is merged, and copied with
/// them where it is not; tensors that cannot be computed with are refused. The tensors of packed
/// weights are copied unchanged.
///
/// Source: checkpoints of the compressed-tensors and fine-grained FP8 layouts.
final class QuantisedTensors {
    private final List<ModelFolder> models;
    private final List<PackedWeights> packed;
    private final Set<Integer> integers = new TreeSet<>();
    private final Findings findings = new Findings();

    QuantisedTensors(List<ModelFolder> models) {
        this.models = models;
        this.packed = models.stream().map(PackedWeights::of).toList();
    }

    /// Whether a configuration declares quantised weights.
    static boolean isDeclared(ModelConfig config) {
        return config.quantisation().isObject();
    }

    /// Whether the sources are scales of FP8 tensors.
    boolean isScale(List<TaskInput> sources) {
        return sources.stream()
                .anyMatch(s -> QuantisedNames.scales(model(s).checkpoint(), s.spec().name()));
    }

    /// Whether a tensor must be copied bit for bit.
    boolean isStored(TaskInput source) {
        String name = source.spec().name();
        return !isUnpacked(source.source()) && isQuantised(source, name);
    }

    private boolean isQuantised(TaskInput source, String name) {
        return QuantisedNames.isFloat8(source.spec().dtype())
                || packed.get(source.model()).owns(name)
                || QuantisedNames.scales(model(source).checkpoint(), name)
                || QuantisedNames.isScale(name) && isDeclared(model(source).config());
    }

    // At this point only unpacked weights have scales.
    private static boolean isUnpacked(Source source) {
        return source.all().anyMatch(Source.Scaled.class::isInstance);
    }

    /// Refuses to compute with tensors that can only be copied: those of a dtype that cannot be
    /// converted, and those of packed weights.
    void refuseCopied(List<TaskInput> sources) {
        for (TaskInput source : sources) {
            if (source.dtype().isOpaque()) {
                findings.add(
                        model(source).reference().toString(),
                        "tensor '%s' is stored as %s, which can only be copied"
                                .formatted(source.spec().name(), source.dtype()));
                continue;
            }
            if (isUnpacked(source.source())
                    || scale(model(source), source.source()).isPresent()
                    || !packed.get(source.model()).owns(source.spec().name())) {
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

    /// The sources, multiplied by their scales if they have any.
    List<TaskInput> scaled(List<TaskInput> sources) {
        return sources.stream().map(this::scaled).toList();
    }

    /// A source, multiplied by its scales if it has some that fit.
    static Source scaled(ModelFolder model, Source source) {
        return numbers(model, source).orElse(source);
    }

    /// The values that a source stands for; empty if it has scales that do not fit.
    static Optional<Source> numbers(ModelFolder model, Source source) {
        Optional<TensorLocation> scale = scale(model, source);
        return scale.isEmpty()
                ? Optional.of(source)
                : scaling(model, source.spec().shape(), scale.get()).map(source::mapRoot);
    }

    static Optional<TensorLocation> scale(ModelFolder model, Source source) {
        return !isUnpacked(source) && QuantisedNames.isFloat8(source.spec().dtype())
                ? QuantisedNames.scaleOf(model.checkpoint(), source.spec().name())
                : Optional.empty();
    }

    private TaskInput scaled(TaskInput source) {
        TensorSpec spec = source.spec();
        Optional<TensorLocation> scale = scale(model(source), source.source());
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
        boolean numbers = spec.dtype().isFloat() && !QuantisedNames.isFloat8(spec.dtype());
        boolean powers =
                spec.dtype() == DType.F8_E8M0
                        || spec.dtype() == DType.U8 && scale.entry().strides().isEmpty();
        if (!numbers && !powers) {
            return Optional.empty();
        }
        Source stored = SourceModel.stored(scale, model::inputFile);
        DType dtype = dtype(model);
        return ScaleGrid.of(shape, spec.shape(), model.config())
                .map(grid -> tensor -> grid.scaled(tensor, scales(stored), false, dtype));
    }

    /// Converts stored scales to numbers: bytes (F8_E8M0) are powers of two.
    static Source scales(Source stored) {
        return stored.dtype() == DType.U8
                ? new Rearranged.Viewed(stored, DType.F8_E8M0, stored.shape())
                : stored;
    }

    /// The dtype of the values that a model's quantised weights stand for.
    static DType dtype(ModelFolder model) {
        return model.config()
                .dtypes()
                .filter(d -> d.isFloat() && d.bytes() > 1)
                .findFirst()
                .orElse(DType.BF16);
    }

    /// Refuses to merge the packed weights of several models.
    void refusePacked(List<TaskInput> sources) {
        if (sources.size() < 2) {
            return;
        }
        for (TaskInput source : sources) {
            boolean packed =
                    source.dtype().isOpaque() && source.shape().rank() > 1
                            || isDeclared(model(source).config())
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

    /// Whether FP8 or packed tensors are computed with, so that the output is not quantised.
    static boolean isScaled(TensorTask task) {
        return task.all().anyMatch(Source.Scaled.class::isInstance);
    }

    /// The tasks, with quantised tensors treated alike. If some tasks multiply tensors by their
    /// scales, or models are quantised in different ways, tasks that copy quantised tensors
    /// multiply them too, because the output's configuration declares one quantisation for all
    /// tensors, or none.
    ///
    /// @param copy makes a task that copies a source
    List<TensorTask> alike(List<TensorTask> tasks, BiFunction<String, TaskInput, TensorTask> copy) {
        if (tasks.stream().noneMatch(QuantisedTensors::isScaled)
                && !new ScaledLayers(models).areMixed(tasks)) {
            return List.copyOf(tasks);
        }
        List<TensorTask> alike = new ArrayList<>();
        for (TensorTask task : tasks) {
            if (!task.isCopy()) {
                alike.add(task);
            } else if (!isScale(task.inputs())) {
                TaskInput source = task.inputs().getFirst();
                TaskInput scaled = scaled(source);
                alike.add(scaled.equals(source) ? task : copy.apply(task.output().name(), scaled));
            }
        }
        return List.copyOf(alike);
    }

    /// Adds the problems found.
    void report(Problems problems) {
        integers.forEach(m ->
                IntegerQuantisation.of(models.get(m))
                        .map(p -> p.refusal(models.get(m), "'scale'"))
                        .ifPresent(problems::add));
        findings.report(problems, "convert the checkpoint to bfloat16 first, or use passthrough");
    }
}
