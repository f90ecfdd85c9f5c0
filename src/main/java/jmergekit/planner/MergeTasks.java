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

/// Makes the tasks of a merge.
///
/// @param seed of random methods
record MergeTasks(MergeMethod method, OutputDType dtype, long seed) {
    /// What the method is told of a tensor.
    ///
    /// @param base which of the sources is the base model's
    /// @param shape of the output
    MergeInput input(
            String name, List<TaskInput> sources, int base, Parameters parameters, Shape shape) {
        List<Integer> models = sources.stream().map(TaskInput::model).toList();
        return new MergeInput(name, shape, models, base, seed, parameters);
    }

    /// A task for the method.
    TensorTask merge(MergeInput input, List<TaskInput> sources) {
        return merge(input, sources, dtype(sources, input.base()));
    }

    /// The dtype of what is merged from these.
    DType dtype(List<TaskInput> sources, int base) {
        return dtype.of(sources, base, method.info());
    }

    /// A task for the method whose output has this dtype.
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

    // What is put together from many is made piece by piece, so that no more of it is held.
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

    /// As many leading rows of a source as `shape` has.
    static TaskInput leading(TaskInput source, Shape shape) {
        return shape.elements() < source.shape().elements()
                ? source.map(s -> new Source.Leading(s, shape))
                : source;
    }
}
