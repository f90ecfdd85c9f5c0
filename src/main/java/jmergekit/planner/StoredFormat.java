package jmergekit.planner;

import java.util.List;
import java.util.Optional;
import jmergekit.plan.Rearranged;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import jmergekit.source.BlockFormat;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.tile.TileOps;

/// How a model stores a quantised tensor: FP8 or MXFP4, and scales.
///
/// @param whole the tensor as it is read
record StoredFormat(Source.Scaled whole) {
    /// The ending of gpt-oss's expert names.
    static final String BLOCKS = "_blocks";

    /// The properties shared by tensors that are stored in the same way.
    private record Form(
            DType values, DType scales, List<Long> grid, int rank, Optional<Ending> ending) {}

    /// How the scales are named.
    ///
    /// @param dropped the ending of the tensor's name
    /// @param added the ending that replaces it in the name of the scales
    private record Ending(String dropped, String added) {}

    /// The format of the tensor that a source is made from, if it is quantised.
    static Optional<StoredFormat> of(Source source) {
        Source inner = source;
        while (inner instanceof Source.Derived derived && !(inner instanceof Source.Scaled)) {
            inner = derived.tensor();
        }
        return inner instanceof Source.Scaled scaled
                ? Optional.of(new StoredFormat(scaled))
                : Optional.empty();
    }

    TensorSpec values() {
        return whole.tensor().spec();
    }

    TensorSpec scales() {
        return whole.scales().spec();
    }

    private boolean isMicroscaled() {
        return whole.tensor() instanceof Rearranged.Viewed(Source.Stored codes, DType dtype, _)
                && dtype == DType.F4
                && codes.spec().dtype() == DType.U8
                && codes.spec().name().endsWith(BLOCKS)
                && whole.blockRows() == 1
                && whole.blockColumns() == TileOps.MX_BLOCK
                && (scales().dtype() == DType.U8 || scales().dtype() == DType.F8_E8M0);
    }

    private boolean isFloat8() {
        return whole.tensor() instanceof Source.Stored stored
                && QuantisedNames.isFloat8(stored.dtype());
    }

    /// The reason why a tensor cannot be quantised in the same way, if any.
    Optional<String> refusal(Shape shape) {
        boolean writable =
                switch (scales().dtype()) {
                    case F32, BF16, F16, F8_E8M0 -> true;
                    case U8 -> isMicroscaled();
                    default -> false;
                };
        boolean scaled =
                whole.scales() instanceof Source.Stored
                        || whole.scales() instanceof Rearranged.Viewed;
        if (!scaled || whole.divided() || !isFloat8() && !isMicroscaled()) {
            return Optional.of(
                    "only FP8 that is multiplied by its scales and MXFP4 of gpt-oss can be written");
        }
        if (!writable) {
            return Optional.of("its scales are " + scales().dtype());
        }
        if (ending().isEmpty()) {
            return Optional.of("its scales are '" + scales().name() + "'");
        }
        boolean fits =
                shape.elements() > 0 && shape.rank() > 1 && shape.rowLength() == whole.columns();
        return fits ? Optional.empty() : Optional.of("its shape is " + shape);
    }

    private Optional<Ending> ending() {
        String tensor = values().name();
        String scales = scales().name();
        if (isMicroscaled()) {
            tensor = tensor.substring(0, tensor.length() - BLOCKS.length());
        }
        for (String dropped : List.of("", ".weight")) {
            String stem = tensor.substring(0, tensor.length() - dropped.length());
            if (tensor.endsWith(dropped) && scales.startsWith(stem)) {
                return Optional.of(new Ending(dropped, scales.substring(stem.length())));
            }
        }
        return Optional.empty();
    }

    private String scalesName(String output) {
        Ending ending = ending().orElseThrow();
        String stem =
                output.endsWith(ending.dropped)
                        ? output.substring(0, output.length() - ending.dropped.length())
                        : output;
        return stem + ending.added;
    }

    boolean isLike(StoredFormat other) {
        return form().equals(other.form());
    }

    private Form form() {
        return new Form(
                whole.tensor().dtype(),
                scales().dtype(),
                List.of(whole.rows(), whole.columns(), whole.blockRows(), whole.blockColumns()),
                scales().shape().rank(),
                ending());
    }

    /// The tasks that write a tensor in the same format; [#refusal] must be empty for its shape.
    List<TensorTask> tasks(TensorTask task) {
        TensorSpec output = task.output();
        if (isMicroscaled()) {
            return QuantisedTask.microscaled(output, scales().dtype()).of(task);
        }
        Shape shape = output.shape();
        long columns = whole.columns();
        long rows = Math.min(whole.rows(), shape.elements() / columns);
        BlockFormat format =
                new BlockFormat(
                        values().dtype(),
                        scales().dtype(),
                        rows,
                        columns,
                        Math.min(rows, whole.blockRows()),
                        Math.min(columns, whole.blockColumns()));
        Shape blocks =
                scales().shape().elements() == format.blocks(shape.elements())
                        ? scales().shape()
                        : QuantisedTask.shape(shape, format);
        return QuantisedTask.of(output, format, scalesName(output.name()), blocks).of(task);
    }

    /// The tasks that copy the tensor as stored.
    ///
    /// @param output its name in the output
    List<TensorTask> copies(String output, int model) {
        String values = isMicroscaled() ? output + BLOCKS : output;
        return List.of(
                copy(values, model, stored(whole.tensor())),
                copy(scalesName(output), model, stored(whole.scales())));
    }

    private static Source stored(Source source) {
        return source instanceof Rearranged.Viewed viewed ? viewed.tensor() : source;
    }

    private static TensorTask copy(String name, int model, Source stored) {
        TensorSpec spec = new TensorSpec(name, stored.spec().dtype(), stored.shape());
        return new TensorTask(spec, List.of(new TaskInput(model, stored)), new Work.Copy());
    }
}
