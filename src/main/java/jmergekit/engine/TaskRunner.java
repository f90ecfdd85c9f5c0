package jmergekit.engine;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import jmergekit.method.MergeInput;
import jmergekit.method.MergeMethod;
import jmergekit.method.MergeMethods;
import jmergekit.method.PreparedMethod;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Values;
import jmergekit.plan.Work;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.Combination.WeightedSum;
import jmergekit.primitive.Executor;
import jmergekit.primitive.NoOutput;
import jmergekit.primitive.OutputTensor;
import jmergekit.primitive.Primitives;
import jmergekit.primitive.SourceTensor;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.tensor.TensorView;
import jmergekit.threads.Cancellation;
import jmergekit.tile.TileOps;

/// Makes the output of tasks: the one interpreter of [Source] and [Work].
///
/// @param models what messages call the models, by number
/// @param computed values of [Source.Computed], by name
record TaskRunner(
        List<String> models,
        Map<String, Values> computed,
        OpenFiles files,
        TileOps ops,
        Executor executor,
        Chunks chunks,
        InnerOutputs inner,
        MergeMethods methods,
        Preparations preparations,
        MemoryBudget memory,
        Cancellation cancellation) {
    /// Makes a task's output for a sink, and says what is not finite of it and its inputs.
    List<NonFiniteTensor> run(TensorTask task, ShardSink sink) {
        String name = task.output().name();
        if (task.output().bytes() == 0) {
            return List.of();
        }
        ShardTensor output =
                new ShardTensor(
                        task.output(),
                        cancellation,
                        (offset, bytes) -> sink.write(name, offset, bytes));
        try (InnerOutputs.Held held = inner.hold()) {
            List<SourceTensor> sources = open(task, held);
            make(task, sources, output, preparations::input);
            long count = sink.nonFinite(name);
            if (count == 0 && !output.hasSourceNotFinite() && !held.hasSourceNotFinite()) {
                return List.of();
            }
            List<NonFiniteTensor.Input> inputs =
                    new NonFiniteInputs(models, tensors(held), chunks).of(task, sources);
            return count == 0 && inputs.isEmpty()
                    ? List.of()
                    : List.of(new NonFiniteTensor(task.output(), count, inputs));
        }
    }

    private List<SourceTensor> open(TensorTask task, InnerOutputs.Held held) {
        SourceTensors tensors = tensors(held);
        return task.sources().stream().map(tensors::open).toList();
    }

    private SourceTensors tensors(InnerOutputs.Held held) {
        return new SourceTensors(files, ops, computed, task -> inner(task, held));
    }

    private TensorView inner(TensorTask task, InnerOutputs.Held held) {
        return held.output(
                task,
                bytes -> {
                    ShardTensor output =
                            new ShardTensor(
                                    task.output(),
                                    cancellation,
                                    (offset, part) ->
                                            MemorySegment.copy(
                                                    part, 0, bytes, offset, part.byteSize()));
                    make(task, open(task, held), output, preparations::innerInput);
                    if (output.hasSourceNotFinite()) {
                        held.sourceIsNotFinite();
                    }
                });
    }

    /// @param told what the method is told of a task
    private void make(
            TensorTask task,
            List<SourceTensor> sources,
            OutputTensor output,
            BiFunction<TensorTask, Work.Merge, MergeInput> told) {
        switch (task.work()) {
            case Work.Copy _ -> sum(sources, output, new double[] {1});
            case Work.Sum sum ->
                    sum(sources, output, sum.coefficients().stream().mapToDouble(c -> c).toArray());
            case Work.Merge merge ->
                    memory.with(
                            merge.memory(),
                            task,
                            cancellation,
                            () ->
                                    method(merge)
                                            .merge(
                                                    told.apply(task, merge),
                                                    executor.primitives(
                                                            sources,
                                                            merge.base(),
                                                            output,
                                                            chunks)));
        }
    }

    private MergeMethod method(Work.Merge merge) {
        return methods.named(merge.method())
                .orElseThrow(() ->
                        new MergeException(
                                Problem.usage(
                                                "plan",
                                                "there is no merge method '%s'"
                                                        .formatted(merge.method()))
                                        .expected("one of " + String.join(", ", methods.names()))));
    }

    /// Measures a task for a method that needs it before tensors are made.
    double[] measure(PreparedMethod method, TensorTask task) {
        Work.Merge merge = (Work.Merge) task.work();
        double[][] measured = new double[1][];
        try (InnerOutputs.Held held = inner.hold()) {
            List<SourceTensor> sources = open(task, held);
            memory.with(
                    merge.memory(),
                    task,
                    cancellation,
                    () ->
                            measured[0] =
                                    method.measure(
                                            task.input(merge),
                                            executor.primitives(
                                                    sources,
                                                    merge.base(),
                                                    new NoOutput(task.output()),
                                                    chunks)));
        }
        return measured[0];
    }

    private void sum(List<SourceTensor> sources, OutputTensor output, double[] coefficients) {
        executor.primitives(sources, Primitives.NO_BASE, output, chunks)
                .combine(new WeightedSum(coefficients));
    }
}
