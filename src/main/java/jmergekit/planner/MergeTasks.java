package jmergekit.planner;

import java.util.List;
import jmergekit.method.MergeInput;
import jmergekit.method.MergeMethod;
import jmergekit.method.Parameters;
import jmergekit.plan.Rearranged;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;

/// Creates the tasks of a merge.
///
/// @param seed of random methods
record MergeTasks(MergeMethod method, OutputDType dtype, long seed) {
    /// The input that describes a tensor to the method.
    ///
    /// @param base the index of the base model's source
    /// @param shape of the output
    MergeInput input(
            String name, List<TaskInput> sources, int base, Parameters parameters, Shape shape) {
        List<Integer> models = sources.stream().map(TaskInput::model).toList();
        return new MergeInput(name, shape, models, base, seed, parameters);
    }

    /// A task that merges by the method.
    TensorTask merge(MergeInput input, List<TaskInput> sources) {
        return merge(input, sources, dtype(sources, input.base()));
    }

    /// The dtype of a merge of these sources.
    DType dtype(List<TaskInput> sources, int base) {
        return dtype.of(sources, base, method.info());
    }

    /// A task that merges by the method and whose output has this dtype.
    TensorTask merge(MergeInput input, List<TaskInput> sources, DType type) {
        return new TensorTask(
                new TensorSpec(input.tensor(), type, input.shape()),
                sources,
                new Work.Merge(
                        method.info().name(),
                        input.base(),
                        input.parameters(),
                        seed,
                        method.memory(input)));
    }

    // A tensor assembled from many sources is made piece by piece, to use less memory.
    static TensorTask copy(String name, TaskInput source, DType type) {
        if (source.source()
                instanceof Rearranged.Shaped(Source.Stacked(List<Source> blocks), Shape shape)) {
            return TensorTask.ofParts(
                    new TensorSpec(name, type, shape),
                    blocks.stream()
                            .map(b -> copy(name, new TaskInput(source.model(), b), type))
                            .toList());
        }
        return new TensorTask(
                new TensorSpec(name, type, source.shape()), List.of(source), new Work.Copy());
    }

    /// The leading rows of a source, as many as `shape` has.
    static TaskInput leading(TaskInput source, Shape shape) {
        return shape.elements() < source.shape().elements()
                ? source.map(s -> new Source.Leading(s, shape))
                : source;
    }
}
