package jmergekit.planner;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import jmergekit.model.ModelFolder;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.problem.Problems;
import jmergekit.source.BlockFormat;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Each tensor as the first model has it: what is stored there as FP8 with scales is quantised in the
/// same blocks, under the same names.
///
/// @param donor the first model
record KeptFormats(ModelFolder donor, Problems problems) {
    QuantisedOutput of(List<TensorTask> tasks) {
        List<TensorTask> all = new ArrayList<>();
        Findings findings = new Findings();
        Set<String> others = new LinkedHashSet<>();
        boolean anyQuantised = false;
        boolean asDonor = true;
        for (TensorTask task : tasks) {
            TensorSpec spec = task.output();
            Optional<Source.Scaled> stored =
                    QuantisedNames.isFloat8(spec.dtype()) ? Optional.empty() : stored(task);
            boolean quantised = QuantisedNames.isFloat8(spec.dtype()) || stored.isPresent();
            stored.ifPresentOrElse(
                    s -> all.addAll(quantised(task, s, findings)), () -> all.add(task));
            anyQuantised |= quantised;
            if (LinearWeights.isMatrix(spec)) {
                asDonor &= isFloat8(spec.name()).equals(Optional.of(quantised));
                if (!quantised) {
                    others.add(LinearWeights.module(spec));
                }
            }
        }
        findings.report(problems, "choose a float 'out_dtype' such as bfloat16");
        JsonNode settings = donor.config().quantisation();
        if (!anyQuantised || !(settings instanceof ObjectNode before)) {
            return new QuantisedOutput(all, Optional.empty(), List.of());
        }
        ObjectNode after = before.deepCopy();
        if (!asDonor) {
            Set<String> entries = new TreeSet<>(ModuleList.of(before).withoutLayers().entries());
            entries.addAll(others);
            new ModuleList(List.copyOf(entries)).put(after);
        }
        long count = all.size() - tasks.size();
        return new QuantisedOutput(
                all,
                Optional.of(after),
                List.of("%d tensors are quantised as in '%s'".formatted(count, donor.reference())));
    }

    // Empty if the first model has no such tensor.
    private Optional<Boolean> isFloat8(String name) {
        return donor.checkpoint()
                .find(name)
                .map(l -> QuantisedNames.isFloat8(l.entry().spec().dtype()));
    }

    private static Optional<Source.Scaled> stored(TensorTask task) {
        TaskInput input =
                task.inputs().stream()
                        .filter(i -> i.model() == 0)
                        .findFirst()
                        .orElse(task.inputs().getFirst());
        Source source = input.source();
        while (source instanceof Source.Derived derived && !(source instanceof Source.Scaled)) {
            source = derived.tensor();
        }
        return source instanceof Source.Scaled scaled ? Optional.of(scaled) : Optional.empty();
    }

    private List<TensorTask> quantised(TensorTask task, Source.Scaled stored, Findings findings) {
        TensorSpec scales = stored.scales().spec();
        TensorSpec tensor = stored.tensor().spec();
        TensorSpec output = task.output();
        Shape shape = output.shape();
        Optional<String> name = scalesName(tensor.name(), scales.name(), output.name());
        Optional<String> refusal = refusal(tensor, scales, shape, stored);
        if (name.isEmpty() || refusal.isPresent()) {
            findings.add(
                    donor.reference().toString(),
                    "tensor '%s' cannot be quantised as it was: %s"
                            .formatted(
                                    tensor.name(),
                                    refusal.orElse("its scales are '" + scales.name() + "'")));
            return List.of(task);
        }
        long columns = stored.columns();
        long rows = Math.min(stored.rows(), shape.elements() / columns);
        BlockFormat format =
                new BlockFormat(
                        tensor.dtype(),
                        scales.dtype(),
                        rows,
                        columns,
                        Math.min(rows, stored.blockRows()),
                        Math.min(columns, stored.blockColumns()));
        Shape blocks =
                scales.shape().elements() == format.blocks(shape.elements())
                        ? scales.shape()
                        : QuantisedTask.shape(shape, format);
        return new QuantisedTask(format, name.get(), blocks).of(task);
    }

    private Optional<String> refusal(
            TensorSpec tensor, TensorSpec scales, Shape shape, Source.Scaled stored) {
        boolean writable =
                switch (scales.dtype()) {
                    case F32, BF16, F16, F8_E8M0 -> true;
                    default -> false;
                };
        boolean plain =
                stored.tensor() instanceof Source.Stored
                        && stored.scales() instanceof Source.Stored
                        && QuantisedNames.isFloat8(tensor.dtype())
                        && !stored.divided();
        if (!plain) {
            return Optional.of("only FP8 that is multiplied by its scales is written");
        }
        if (!writable) {
            return Optional.of("its scales are " + scales.dtype());
        }
        if (shape.elements() == 0 || shape.rank() < 2 || shape.rowLength() != stored.columns()) {
            return Optional.of("its shape is " + shape);
        }
        String module = LinearWeights.module(tensor);
        for (String ending : List.of(".input_scale", ".activation_scale")) {
            if (donor.checkpoint().find(module + ending).isPresent()) {
                return Optional.of(
                        "'%s' was measured with the weights that it had"
                                .formatted(module + ending));
            }
        }
        return Optional.empty();
    }

    // As the scales of the tensor are called in the model that it is from.
    private static Optional<String> scalesName(String tensor, String scales, String output) {
        for (String dropped : List.of("", ".weight")) {
            if (tensor.endsWith(dropped) && output.endsWith(dropped)) {
                String stem = tensor.substring(0, tensor.length() - dropped.length());
                if (scales.startsWith(stem)) {
                    String ending = scales.substring(stem.length());
                    return Optional.of(
                            output.substring(0, output.length() - dropped.length()) + ending);
                }
            }
        }
        return Optional.empty();
    }
}
