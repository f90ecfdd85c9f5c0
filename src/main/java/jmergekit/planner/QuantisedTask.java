package jmergekit.planner;

import java.util.ArrayList;
import java.util.List;
import jmergekit.plan.Interleaved;
import jmergekit.plan.Quantised;
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

/// How an output tensor is split in two: its quantised values and their scales.
///
/// @param values the stored values; for 4-bit values, bytes of two each
/// @param scales the stored scales
record QuantisedTask(BlockFormat format, TensorSpec values, TensorSpec scales) {
    /// The values keep the name and the shape of the tensor.
    ///
    /// @param scales name of the tensor of scales
    /// @param scalesShape its shape
    static QuantisedTask of(
            TensorSpec tensor, BlockFormat format, String scales, Shape scalesShape) {
        return new QuantisedTask(
                format,
                new TensorSpec(tensor.name(), format.values(), tensor.shape()),
                new TensorSpec(scales, format.scales(), scalesShape));
    }

    /// The MXFP4 layout of gpt-oss: `X_blocks` `[…, blocks, 16]` and `X_scales` `[…, blocks]`.
    ///
    /// @param tensor of matrices whose rows are whole blocks
    /// @param scales their dtype: U8 or F8_E8M0
    static QuantisedTask microscaled(TensorSpec tensor, DType scales) {
        Shape shape = tensor.shape();
        long columns = shape.rowLength();
        BlockFormat format =
                new BlockFormat(
                        DType.F4,
                        scales,
                        shape.size(shape.rank() - 2),
                        columns,
                        1,
                        TileOps.MX_BLOCK);
        List<Long> sizes = new ArrayList<>(shape(shape, format).dimensions());
        sizes.set(sizes.size() - 2, shape.size(shape.rank() - 2));
        Shape blocks = new Shape(sizes);
        sizes.add(TileOps.MX_BLOCK / 2L);
        return new QuantisedTask(
                format,
                new TensorSpec(tensor.name() + "_blocks", DType.U8, new Shape(sizes)),
                new TensorSpec(tensor.name() + "_scales", scales, blocks));
    }

    /// The shape of scales, with one for each block of each matrix.
    static Shape shape(Shape tensor, BlockFormat format) {
        List<Long> sizes = new ArrayList<>(tensor.dimensions());
        sizes.set(sizes.size() - 2, format.blocksDown());
        sizes.set(sizes.size() - 1, format.blocksAcross());
        return new Shape(sizes);
    }

    /// The tasks for values and scales. Results are not rounded before they are quantised. A tensor
    /// made in parts of whole blocks is quantised part by part.
    List<TensorTask> of(TensorTask task) {
        boolean inParts =
                task.work() instanceof Work.Parts
                        && task.parts().stream().allMatch(p -> isOfBlocks(p.output().shape()));
        if (!inParts) {
            return pair(task, values, format, scales);
        }
        List<TensorTask> partsOfValues = new ArrayList<>();
        List<TensorTask> partsOfScales = new ArrayList<>();
        for (TensorTask part : task.parts()) {
            long elements = part.output().shape().elements();
            BlockFormat own = format(elements);
            long stored = format.values() == DType.F4 ? elements / 2 : elements;
            List<TensorTask> pair =
                    pair(
                            part,
                            new TensorSpec(values.name(), values.dtype(), Shape.of(stored)),
                            own,
                            new TensorSpec(
                                    scales.name(), scales.dtype(), Shape.of(own.blocks(elements))));
            partsOfValues.add(pair.getFirst());
            partsOfScales.add(pair.getLast());
        }
        return List.of(
                TensorTask.ofParts(values, partsOfValues),
                TensorTask.ofParts(scales, partsOfScales));
    }

    private boolean isOfBlocks(Shape part) {
        long rows = part.elements() / format.columns();
        long all = format.rows();
        long columns = format.columns();
        long blockRows = format.blockRows();
        boolean even = all % rows == 0 && rows % blockRows == 0;
        return part.elements() % columns == 0 && (rows % all == 0 || even);
    }

    // A part may contain only some rows of a matrix.
    private BlockFormat format(long elements) {
        return new BlockFormat(
                format.values(),
                format.scales(),
                Math.min(format.rows(), elements / format.columns()),
                format.columns(),
                format.blockRows(),
                format.blockColumns());
    }

    // Both use the same inner task, so that it runs once.
    private static List<TensorTask> pair(
            TensorTask task, TensorSpec values, BlockFormat format, TensorSpec scales) {
        Source whole =
                isPutTogether(task)
                        ? exact(task.sources().getFirst())
                        : new Source.Made(task.inFloat32(), task.output().dtype());
        return List.of(
                copy(values, task, new Quantised.Values(whole, format, values.shape())),
                copy(scales, task, new Quantised.Scales(whole, format, scales.shape())));
    }

    private static boolean isPutTogether(TensorTask task) {
        return task.isCopy()
                && task.sources().getFirst().all().anyMatch(Source.Made.class::isInstance);
    }

    private static Source exact(Source source) {
        return switch (source) {
            case Source.Made(TensorTask task, DType dtype)
                    when task.output().dtype() != DType.F32 ->
                    new Source.Made(task.inFloat32(), dtype);
            case Rearranged s -> s.with(exact(s.tensor()));
            case Interleaved(List<Source> parts) ->
                    new Interleaved(parts.stream().map(QuantisedTask::exact).toList());
            case Source.Stacked(List<Source> parts) ->
                    new Source.Stacked(parts.stream().map(QuantisedTask::exact).toList());
            default -> source;
        };
    }

    private static TensorTask copy(TensorSpec output, TensorTask task, Source source) {
        int model = task.inputs().getFirst().model();
        return new TensorTask(output, List.of(new TaskInput(model, source)), new Work.Copy());
    }
}
