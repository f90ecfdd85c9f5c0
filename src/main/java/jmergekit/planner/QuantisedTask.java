package jmergekit.planner;

import java.util.ArrayList;
import java.util.List;
import jmergekit.plan.Quantised;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import jmergekit.source.BlockFormat;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;

/// How a tensor of the output becomes two: its quantised values, and their scales.
///
/// @param format its scales have the dtype of their tensor
/// @param scales name of the tensor of scales
/// @param scalesShape its shape
record QuantisedTask(BlockFormat format, String scales, Shape scalesShape) {
    /// The shape of scales that are one for each block of each matrix.
    static Shape shape(Shape tensor, BlockFormat format) {
        List<Long> sizes = new ArrayList<>(tensor.dimensions());
        sizes.set(sizes.size() - 2, format.blocksDown());
        sizes.set(sizes.size() - 1, format.blocksAcross());
        return new Shape(sizes);
    }

    /// The tasks of both. What is computed is not rounded before it is quantised. A tensor that is made
    /// in parts, each of whole matrices, is quantised in these parts.
    List<TensorTask> of(TensorTask task) {
        TensorSpec values =
                new TensorSpec(task.output().name(), format.values(), task.output().shape());
        TensorSpec scaling = new TensorSpec(scales, format.scales(), scalesShape);
        long matrix = format.rows() * format.columns();
        boolean inParts =
                task.work() instanceof Work.Parts
                        && task.parts().stream()
                                .allMatch(p -> p.output().shape().elements() % matrix == 0);
        if (!inParts) {
            return pair(task, values, scaling);
        }
        List<TensorTask> partsOfValues = new ArrayList<>();
        List<TensorTask> partsOfScales = new ArrayList<>();
        for (TensorTask part : task.parts()) {
            Shape shape = part.output().shape();
            Shape blocks = Shape.of(format.blocks(shape.elements()));
            List<TensorTask> pair =
                    pair(
                            part,
                            new TensorSpec(values.name(), values.dtype(), shape),
                            new TensorSpec(scaling.name(), scaling.dtype(), blocks));
            partsOfValues.add(pair.getFirst());
            partsOfScales.add(pair.getLast());
        }
        return List.of(
                TensorTask.ofParts(values, partsOfValues),
                TensorTask.ofParts(scaling, partsOfScales));
    }

    // One inner task for both, so that it runs once.
    private List<TensorTask> pair(TensorTask task, TensorSpec values, TensorSpec scaling) {
        Source made = new Source.Made(task.inFloat32(), task.output().dtype());
        return List.of(
                copy(values, task, new Quantised.Values(made, format, values.shape())),
                copy(scaling, task, new Quantised.Scales(made, format, scaling.shape())));
    }

    private static TensorTask copy(TensorSpec output, TensorTask task, Source source) {
        int model = task.inputs().getFirst().model();
        return new TensorTask(output, List.of(new TaskInput(model, source)), new Work.Copy());
    }
}
