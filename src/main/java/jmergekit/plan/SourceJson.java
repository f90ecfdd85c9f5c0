package jmergekit.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.method.Parameters;
import jmergekit.method.StatisticsKind;
import jmergekit.method.Value;
import jmergekit.model.InputFile;
import jmergekit.primitive.Primitives;
import jmergekit.source.BlockFormat;
import jmergekit.tensor.DType;
import jmergekit.tensor.RowTable;
import jmergekit.tensor.Shape;
import jmergekit.tensor.Strides;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.TensorEntry;
import tools.jackson.databind.JsonNode;

/// Reads the tasks and sources written by [PlanWriter] and [SourceWriter].
///
/// @param files of the plan, by number
/// @param tables of rows, by number
/// @param inner tasks that were read before
/// @param models the number of models in the recipe
record SourceJson(
        JsonFields at, List<InputFile> files, List<RowTable> tables, InnerTasks inner, int models) {
    TensorTask task(JsonNode node) {
        return at.text(node, "work").equals("parts") ? inParts(node) : ofInputs(node);
    }

    private TensorTask inParts(JsonNode node) {
        TensorSpec spec = spec(node);
        List<TensorTask> parts = new ArrayList<>();
        at.array(node, "parts").forEach(p -> parts.add(ofInputs(p)));
        long elements = 0;
        for (TensorTask part : parts) {
            at.require(part.output().dtype() == spec.dtype(), "parts with a different dtype");
            elements = Math.addExact(elements, part.output().shape().elements());
        }
        at.require(
                !parts.isEmpty() && elements == spec.shape().elements(),
                "parts of %d elements of tensor '%s' %s"
                        .formatted(elements, spec.name(), spec.shape()));
        return TensorTask.ofParts(spec, parts);
    }

    private TensorTask ofInputs(JsonNode node) {
        List<TaskInput> inputs = new ArrayList<>();
        for (JsonNode input : at.array(node, "inputs")) {
            inputs.add(new TaskInput(model(input), source(at.object(input, "source"))));
        }
        at.require(!inputs.isEmpty(), "a tensor without inputs");
        TensorSpec spec = spec(node);
        Work work = work(node, inputs.size());
        at.require(!(work instanceof Work.Copy) || inputs.size() == 1, "a copy of several tensors");
        at.require(
                isWritable(spec.dtype(), work, inputs.getFirst().source()),
                "elements of %s that are not a copy".formatted(spec.dtype()));
        if (work instanceof Work.Factors factors) {
            FactorsJson.check(factors, spec, inputs, at);
            return new TensorTask(spec, inputs, work);
        }
        for (TaskInput input : inputs) {
            at.require(
                    input.shape().elements() == spec.shape().elements(),
                    "tensor '%s' %s from a source %s"
                            .formatted(spec.name(), spec.shape(), input.shape()));
        }
        return new TensorTask(spec, inputs, work);
    }

    private static boolean isWritable(DType dtype, Work work, Source first) {
        boolean copied = work instanceof Work.Copy && first.dtype() == dtype;
        return dtype.isPacked()
                ? copied && first instanceof Source.Stored
                : !dtype.isOpaque() || dtype == DType.F8_E8M0 || copied;
    }

    private int model(JsonNode node) {
        return (int) at.count(node, "model", models - 1L);
    }

    private Work work(JsonNode node, int inputs) {
        String kind = at.text(node, "work");
        switch (kind) {
            case "copy" -> {
                return new Work.Copy();
            }
            case "sum" -> {
                List<Double> coefficients = new ArrayList<>();
                at.array(node, "coefficients").forEach(c -> coefficients.add(at.number(c)));
                at.require(coefficients.size() == inputs, "not one coefficient per input");
                return new Work.Sum(coefficients);
            }
            case "merge" -> {
                Work.Merge merge = merge(node);
                at.require(
                        merge.parameters().perSource().size() == inputs,
                        "not one set of parameters per input");
                return merge;
            }
            case FactorsJson.WORK -> {
                return FactorsJson.read(node, merge(node), at);
            }
            default -> throw at.wrong("unknown work '" + kind + "'");
        }
    }

    private Work.Merge merge(JsonNode node) {
        List<Map<String, Value>> perSource = new ArrayList<>();
        at.array(node, "parameters_of_inputs")
                .forEach(p -> perSource.add(ParameterJson.read(p, at)));
        Parameters parameters =
                new Parameters(ParameterJson.read(at.object(node, "parameters"), at), perSource);
        return new Work.Merge(
                at.text(node, "method"),
                (int) at.whole(node.path("base"), Primitives.NO_BASE, perSource.size() - 1L),
                parameters,
                at.whole(node.path("seed"), Long.MIN_VALUE, Long.MAX_VALUE),
                at.count(node, "memory", Long.MAX_VALUE));
    }

    private TensorSpec spec(JsonNode node) {
        try {
            return new TensorSpec(at.text(node, "name"), at.dtype(node), at.shape(node));
        } catch (ArithmeticException e) {
            throw at.wrong("a tensor with too many bytes");
        }
    }

    private Source part(JsonNode node, String name) {
        return source(at.object(node, name));
    }

    private Source source(JsonNode node) {
        String kind = at.text(node, "is");
        return switch (kind) {
            case "stored" -> stored(node);
            case "replaced" -> new Source.Replaced(part(node, "tensor"), at.dtype(node));
            case "leading" -> leading(node);
            case "scaled" -> scaled(node);
            case "low_rank_added" -> lowRank(node);
            case "added" -> added(node);
            case "with_statistics" -> withStatistics(node);
            case "remapped" -> remapped(node);
            case "blocks" -> blocks(node);
            case "stacked" -> stacked(node);
            case "joined" -> joined(node);
            case "interleaved" -> new Interleaved(parts(node));
            case "viewed" ->
                    new Rearranged.Viewed(
                            stored(at.object(node, "tensor")), at.dtype(node), at.shape(node));
            case "shaped" -> new Rearranged.Shaped(part(node, "tensor"), at.shape(node));
            case "rows" -> rows(node);
            case "transposed" -> new Rearranged.Transposed(part(node, "tensor"));
            case "quantised_values" ->
                    new Quantised.Values(part(node, "tensor"), format(node), at.shape(node));
            case "quantised_scales" ->
                    new Quantised.Scales(part(node, "tensor"), format(node), at.shape(node));
            case "given" -> given(node);
            case "computed" -> new Source.Computed(spec(node), at.text(node, "how"));
            case "noise" ->
                    new Source.Noise(
                            spec(node),
                            at.whole(node.path("seed"), Long.MIN_VALUE, Long.MAX_VALUE));
            case "made" -> {
                TensorTask task = inner.of(node);
                DType dtype = node.has("dtype") ? at.dtype(node) : task.output().dtype();
                yield new Source.Made(task, dtype);
            }
            default -> throw at.wrong("unknown source '" + kind + "'");
        };
    }

    private Source stored(JsonNode node) {
        InputFile file = at.at(files, node, "file");
        TensorSpec spec = spec(node);
        Optional<Strides> strides =
                node.has("strides")
                        ? Optional.of(new Strides(at.numbers(node, "strides")))
                        : Optional.empty();
        long begin = at.count(node, "begin", file.bytes());
        try {
            TensorEntry entry = new TensorEntry(spec, begin, strides);
            at.require(
                    entry.end() >= begin && entry.end() <= file.bytes(),
                    "tensor '%s' ends outside '%s'".formatted(spec.name(), file.name()));
            return new Source.Stored(file, entry);
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw at.wrong("tensor '%s': %s".formatted(spec.name(), e.getMessage()));
        }
    }

    private Source leading(JsonNode node) {
        Source tensor = part(node, "tensor");
        Shape shape = at.shape(node);
        at.require(
                shape.elements() <= tensor.shape().elements(),
                "%s leading rows of %s".formatted(shape, tensor.shape()));
        return new Source.Leading(tensor, shape);
    }

    private Source scaled(JsonNode node) {
        Source tensor = part(node, "tensor");
        Source scales = part(node, "scales");
        long columns = at.whole(node.path("columns"), 1, Long.MAX_VALUE);
        long blockRows = at.whole(node.path("block_rows"), 1, Long.MAX_VALUE);
        long blockColumns = at.whole(node.path("block_columns"), 1, Long.MAX_VALUE);
        long all = Math.ceilDiv(tensor.shape().elements(), columns);
        long rows =
                node.has("rows")
                        ? at.whole(node.path("rows"), 1, Math.max(1, all))
                        : Math.max(1, all);
        long given = scales.shape().elements();
        long inMatrix = blocks(rows, blockRows, columns, blockColumns, given);
        long matrices = Math.ceilDiv(all, rows);
        at.require(inMatrix == 0 || matrices <= given / inMatrix, "scales for only some blocks");
        return new Source.Scaled(
                tensor,
                scales,
                rows,
                columns,
                blockRows,
                blockColumns,
                node.has("divided") && at.flag(node, "divided"),
                at.dtype(node));
    }

    // Stops counting one past the number of scales.
    private static long blocks(
            long rows, long blockRows, long columns, long blockColumns, long given) {
        long high = Math.min(Math.ceilDiv(rows, blockRows), Long.MAX_VALUE / 2);
        long wide = Math.ceilDiv(columns, blockColumns);
        return high > given / wide ? given + 1 : high * wide;
    }

    private Source lowRank(JsonNode node) {
        Source tensor = part(node, "tensor");
        Source a = part(node, "a");
        Source b = part(node, "b");
        at.require(a.shape().rank() == 2 && b.shape().rank() == 2, "factors that are not matrices");
        Source.LowRankAdded sum =
                new Source.LowRankAdded(
                        tensor, a, b, at.flag(node, "transposed"), at.number(node, "scale"));
        long rows = sum.transposed() ? a.shape().size(1) : b.shape().size(0);
        at.require(
                a.shape().size(0) == b.shape().size(1)
                        && sum.rank() > 0
                        && tensor.shape().equals(Shape.of(rows, sum.columns())),
                "factors %s and %s for %s".formatted(a.shape(), b.shape(), tensor.shape()));
        return sum;
    }

    private Source added(JsonNode node) {
        Source tensor = part(node, "tensor");
        Source addend = part(node, "addend");
        at.require(addend.shape().equals(tensor.shape()), "a sum of different shapes");
        return new Source.Added(tensor, addend, at.number(node, "scale"));
    }

    private Source withStatistics(JsonNode node) {
        Source tensor = part(node, "tensor");
        Source statistics = part(node, "statistics");
        at.require(
                Arrays.stream(StatisticsKind.values())
                        .anyMatch(kind -> kind.fits(tensor.shape(), statistics.shape())),
                "statistics %s for %s".formatted(statistics.shape(), tensor.shape()));
        return new Source.WithStatistics(tensor, statistics);
    }

    private Source remapped(JsonNode node) {
        Map<Integer, Source> others = new HashMap<>();
        for (JsonNode other : at.array(node, "others")) {
            others.put(model(other), part(other, "tensor"));
        }
        RowTable table = at.at(tables, node, "table");
        Shape shape = at.shape(node);
        int model = model(node);
        Source tensor = part(node, "tensor");
        at.require(model < table.models(), "rows of an unknown model");
        at.require(
                table.rows() > 0 && shape.elements() % table.rows() == 0 && shape.elements() > 0,
                "%s with %d rows".formatted(shape, table.rows()));
        long columns = shape.elements() / table.rows();
        checkRows(table, model, tensor, columns);
        others.forEach((other, source) -> checkRows(table, other, source, columns));
        table.needed(model).stream()
                .forEach(m -> at.require(others.containsKey(m), "rows of a missing model"));
        return new Source.Remapped(model, tensor, table, others, shape);
    }

    // Every row that the table refers to must exist.
    private void checkRows(RowTable table, int model, Source tensor, long columns) {
        long rows = tensor.shape().elements() / columns;
        boolean there = model < table.models() && tensor.shape().elements() % columns == 0;
        for (int row = 0; there && row < table.rows(); row++) {
            there = table.own(model, row) < rows && table.own(model, row) >= RowTable.NONE;
            if (table.substituteModel(row) == model) {
                there &= table.substituteRow(row) >= 0 && table.substituteRow(row) < rows;
            }
        }
        at.require(there, "rows that tensor '%s' lacks".formatted(tensor.spec().name()));
    }

    private Source blocks(JsonNode node) {
        List<Source.Blocks.Block> blocks = new ArrayList<>();
        long axis = at.count(node, "axis", 16);
        for (JsonNode block : at.array(node, "blocks")) {
            int layers = (int) at.whole(block.path("layers"), 1, Integer.MAX_VALUE);
            int layer = (int) at.count(block, "layer", layers - 1L);
            Source tensor = part(block, "tensor");
            at.require(
                    axis < tensor.shape().rank() && tensor.shape().size((int) axis) % layers == 0,
                    "blocks of " + tensor.shape());
            blocks.add(new Source.Blocks.Block(model(block), tensor, layer, layers));
        }
        at.require(!blocks.isEmpty(), "no blocks");
        return new Source.Blocks((int) axis, blocks);
    }

    private List<Source> parts(JsonNode node) {
        List<Source> parts = new ArrayList<>();
        at.array(node, "parts").forEach(p -> parts.add(source(p)));
        at.require(!parts.isEmpty(), "a source without parts");
        return parts;
    }

    private Source rows(JsonNode node) {
        return new Rearranged.Rows(
                part(node, "tensor"),
                at.whole(node.path("columns"), 1, Long.MAX_VALUE),
                at.count(node, "first", Long.MAX_VALUE),
                at.whole(node.path("step"), 1, Long.MAX_VALUE),
                at.shape(node));
    }

    private BlockFormat format(JsonNode node) {
        return new BlockFormat(
                at.dtype(node, "values"),
                at.dtype(node, "scales"),
                at.count(node, "rows", Long.MAX_VALUE),
                at.count(node, "columns", Long.MAX_VALUE),
                at.count(node, "block_rows", Long.MAX_VALUE),
                at.count(node, "block_columns", Long.MAX_VALUE));
    }

    private Source stacked(JsonNode node) {
        List<Source> parts = parts(node);
        at.require(
                parts.stream()
                        .allMatch(p ->
                                p.shape().rank() > 0
                                        && p.shape()
                                                .withRows(0)
                                                .equals(parts.getFirst().shape().withRows(0))),
                "parts that cannot be stacked");
        return new Source.Stacked(parts);
    }

    private Source joined(JsonNode node) {
        List<Source.Joined.Part> parts = new ArrayList<>();
        at.array(node, "parts")
                .forEach(p ->
                        parts.add(
                                new Source.Joined.Part(part(p, "tensor"), at.number(p, "factor"))));
        at.require(
                !parts.isEmpty()
                        && parts.stream()
                                .allMatch(p ->
                                        p.tensor().shape().rank() == 2
                                                && p.tensor().shape().size(0)
                                                        == parts.getFirst()
                                                                .tensor()
                                                                .shape()
                                                                .size(0)),
                "parts that cannot be joined");
        return new Source.Joined(parts);
    }

    private Source given(JsonNode node) {
        TensorSpec spec = spec(node);
        Values values = values(at.text(node, "values"));
        at.require(values.count() == spec.shape().elements(), "values of a different shape");
        return new Source.Given(spec, values);
    }

    Values values(String text) {
        try {
            return Values.decode(text);
        } catch (IllegalArgumentException e) {
            throw at.wrong("unreadable values: " + e.getMessage());
        }
    }
}
