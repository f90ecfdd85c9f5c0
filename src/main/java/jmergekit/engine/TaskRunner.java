package jmergekit.engine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import jmergekit.method.MergeInput;
import jmergekit.method.MergeMethod;
import jmergekit.method.MergeMethods;
import jmergekit.method.PreparedMethod;
import jmergekit.plan.FactorRows;
import jmergekit.plan.Quantised;
import jmergekit.plan.Source;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Values;
import jmergekit.plan.Work;
import jmergekit.plugin.Plugins;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.Combination.WeightedSum;
import jmergekit.primitive.Executor;
import jmergekit.primitive.NoOutput;
import jmergekit.primitive.OutputTensor;
import jmergekit.primitive.Primitives;
import jmergekit.primitive.SourceTensor;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.source.BlockScales;
import jmergekit.source.QuantisationLoss;
import jmergekit.tensor.DType;
import jmergekit.tensor.TensorView;
import jmergekit.threads.Cancellation;
import jmergekit.tile.TileOps;

/// Makes the output of tasks: the only interpreter of [Source] and [Work].
///
/// @param models the models' names in messages, by index
/// @param computed values of [Source.Computed], by name
record TaskRunner(
        List<String> models,
        Map<String, Values> computed,
        OpenFiles files,
        TileOps ops,
        Executor executor,
        Chunks chunks,
        InputReadAhead readAhead,
        InnerOutputs inner,
        MergeMethods methods,
        Preparations preparations,
        MemoryBudget memory,
        Cancellation cancellation) {
    /// Makes the outputs of tasks for a sink, and returns the findings by tensor name. Inner tasks
    /// that several of them read are made once.
    Map<String, Findings> run(List<TensorTask> together, ShardSink sink) {
        List<TensorTask> tasks = together.stream().filter(t -> t.output().bytes() > 0).toList();
        Map<String, Findings> found = new HashMap<>();
        try (InnerOutputs.Held held = inner.hold()) {
            Map<String, QuantisationLoss> losses = new HashMap<>();
            boolean finite = write(tasks, held, sink, losses);
            for (TensorTask task : tasks) {
                String name = task.output().name();
                Optional<QuantisationLoss> loss = Optional.ofNullable(losses.get(name));
                // NaN can appear in scales too, but all of it is counted in the values.
                found.put(
                        name,
                        new Findings(
                                isOfScales(task)
                                        ? List.of()
                                        : nonFinite(task, held, sink, finite, loss),
                                loss.map(l -> new QuantisationError(name, l)).stream().toList(),
                                truncation(task, held).stream().toList()));
            }
        }
        return found;
    }

    // The last two elements of the inner output, which is still held.
    private Optional<Truncation> truncation(TensorTask task, InnerOutputs.Held held) {
        if (!FactorRows.isA(task)) {
            return Optional.empty();
        }
        return FactorRows.made(task)
                .map(made -> {
                    SourceTensor factors = tensors(held).open(new Source.Made(made, DType.F32));
                    float[] norms = new float[2];
                    factors.read(factors.elements() - norms.length, norms.length, norms);
                    return new Truncation(
                            task.output().name(),
                            task.output().shape().size(0),
                            norms[0],
                            norms[1]);
                });
    }

    private static boolean isOfScales(TensorTask task) {
        return task.parts().getFirst().sources().getFirst() instanceof Quantised.Scales;
    }

    private List<NonFiniteTensor> nonFinite(
            TensorTask task,
            InnerOutputs.Held held,
            ShardSink sink,
            boolean finite,
            Optional<QuantisationLoss> loss) {
        long count =
                loss.map(QuantisationLoss::nonFinite)
                        .orElseGet(() -> sink.nonFinite(task.output().name()));
        if (count == 0 && finite) {
            return List.of();
        }
        List<NonFiniteTensor.Input> inputs = nonFinite(task, held);
        return count == 0 && inputs.isEmpty()
                ? List.of()
                : List.of(new NonFiniteTensor(task.output(), count, inputs));
    }

    // A tensor that several parts read is counted once, with everything that any of them reads.
    private List<NonFiniteTensor.Input> nonFinite(TensorTask task, InnerOutputs.Held held) {
        Map<List<String>, Long> counts = new LinkedHashMap<>();
        eachPart(
                List.of(task),
                held,
                (_, part, _, inPart) ->
                        new NonFiniteInputs(models, tensors(inPart), chunks)
                                .of(part, open(part, inPart))
                                .forEach(i ->
                                        counts.merge(
                                                List.of(i.model(), i.tensor()),
                                                i.count(),
                                                Long::sum)));
        List<NonFiniteTensor.Input> inputs = new ArrayList<>();
        counts.forEach((key, count) ->
                inputs.add(new NonFiniteTensor.Input(key.get(0), key.get(1), count)));
        return inputs;
    }

    // Returns whether all values that were read, and that the output may hide, are finite.
    private boolean write(
            List<TensorTask> tasks,
            InnerOutputs.Held held,
            ShardSink sink,
            Map<String, QuantisationLoss> losses) {
        boolean[] finite = {true};
        eachPart(
                tasks,
                held,
                (task, part, start, inPart) -> {
                    String name = task.output().name();
                    ShardTensor output =
                            new ShardTensor(
                                    copiesBytes(part) ? part.output().asBytes() : part.output(),
                                    cancellation,
                                    (offset, bytes) -> sink.write(name, start + offset, bytes));
                    make(part, open(part, inPart), output, preparations::input);
                    finite[0] &= !output.hasSourceNotFinite();
                    if (part.sources().getFirst() instanceof Quantised.Values values) {
                        QuantisationLoss loss =
                                QuantisationLoss.of(tensors(inPart).quantised(values), chunks);
                        losses.merge(name, loss, QuantisationLoss::plus);
                    }
                });
        return finite[0] && !held.hasSourceNotFinite();
    }

    private interface PartWork {
        /// @param start of the part in the output, in bytes
        void run(TensorTask task, TensorTask part, long start, InnerOutputs.Held held);
    }

    // Outputs that only one part reads are released after it. Tasks that run together have the same
    // number of parts.
    private void eachPart(List<TensorTask> tasks, InnerOutputs.Held held, PartWork work) {
        if (tasks.stream().noneMatch(t -> t.work() instanceof Work.Parts)) {
            tasks.forEach(t -> work.run(t, t, 0, held));
            return;
        }
        Set<TensorTask> shared = sharedByParts(tasks);
        long[] starts = new long[tasks.size()];
        for (int i = 0; i < tasks.getFirst().parts().size(); i++) {
            try (InnerOutputs.Held inPart = held.part(shared::contains)) {
                for (int t = 0; t < starts.length; t++) {
                    TensorTask part = tasks.get(t).parts().get(i);
                    work.run(tasks.get(t), part, starts[t], inPart);
                    starts[t] += part.output().bytes();
                }
            }
        }
    }

    private static Set<TensorTask> sharedByParts(List<TensorTask> tasks) {
        Set<TensorTask> met = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<TensorTask> shared = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < tasks.getFirst().parts().size(); i++) {
            Set<TensorTask> ofPart = Collections.newSetFromMap(new IdentityHashMap<>());
            for (TensorTask task : tasks) {
                ofPart.addAll(task.parts().get(i).inner());
            }
            ofPart.stream().filter(t -> !met.add(t)).forEach(shared::add);
        }
        return shared;
    }

    private List<SourceTensor> open(TensorTask task, InnerOutputs.Held held) {
        SourceTensors tensors = tensors(held);
        if (copiesBytes(task) && task.sources().getFirst() instanceof Source.Stored stored) {
            return List.of(files.plainBytes(stored));
        }
        return task.sources().stream().map(tensors::open).toList();
    }

    // Elements that share bytes cannot be copied separately.
    private static boolean copiesBytes(TensorTask task) {
        return task.isCopy()
                && task.output().dtype().isPacked()
                && task.sources().getFirst() instanceof Source.Stored;
    }

    private SourceTensors tensors(InnerOutputs.Held held) {
        return new SourceTensors(
                files,
                ops,
                computed,
                task -> inner(task, held),
                (tensor, format) -> BlockScales.of(tensor, format, chunks));
    }

    private TensorView inner(TensorTask task, InnerOutputs.Held held) {
        return held.output(
                task,
                bytes -> {
                    eachPart(
                            List.of(task),
                            held,
                            (_, part, start, inPart) -> innerPart(part, bytes, start, inPart));
                });
    }

    private void innerPart(
            TensorTask part, MemorySegment bytes, long start, InnerOutputs.Held held) {
        ShardTensor output =
                new ShardTensor(
                        copiesBytes(part) ? part.output().asBytes() : part.output(),
                        cancellation,
                        (offset, some) ->
                                MemorySegment.copy(
                                        some, 0, bytes, start + offset, some.byteSize()));
        make(part, open(part, held), output, preparations::innerInput);
        if (output.hasSourceNotFinite()) {
            held.sourceIsNotFinite();
        }
    }

    /// @param told gives the input of the task's method
    private void make(
            TensorTask task,
            List<SourceTensor> sources,
            OutputTensor output,
            BiFunction<TensorTask, Work.Merge, MergeInput> told) {
        Chunks own = readAhead.chunks(task, chunks);
        switch (task.work()) {
            case Work.Parts _ -> throw new IllegalStateException("parts of " + task.output());
            case Work.Copy _ -> sum(sources, output, own, new double[] {1});
            case Work.Sum sum ->
                    sum(
                            sources,
                            output,
                            own,
                            sum.coefficients().stream().mapToDouble(c -> c).toArray());
            case Work.Factors factors ->
                    memory.with(
                            factors.merge().memory(),
                            task,
                            cancellation,
                            () ->
                                    new FactorMerge(
                                                    task,
                                                    factors,
                                                    models,
                                                    sources,
                                                    method(factors.merge()),
                                                    executor,
                                                    own)
                                            .write(output));
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
                                                            sources, merge.base(), output, own)));
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
                                        .expected("one of " + String.join(", ", methods.names()))
                                        .hint(Plugins.HINT)));
    }

    /// Measures a task for a method that needs statistics before tensors are made.
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

    private void sum(
            List<SourceTensor> sources, OutputTensor output, Chunks own, double[] coefficients) {
        executor.primitives(sources, Primitives.NO_BASE, output, own)
                .combine(new WeightedSum(coefficients));
    }
}
