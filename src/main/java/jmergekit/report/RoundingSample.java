package jmergekit.report;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import jmergekit.engine.BoundPlan;
import jmergekit.engine.InputTensors;
import jmergekit.engine.PlanRun;
import jmergekit.engine.RunThreads;
import jmergekit.engine.ShardSink;
import jmergekit.method.MergeMethods;
import jmergekit.method.PreparedMethod;
import jmergekit.plan.Plan;
import jmergekit.plan.Quantised;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import jmergekit.primitive.Executor;
import jmergekit.primitive.SourceTensor;
import jmergekit.shards.ShardFormat;
import jmergekit.shards.ShardLayout;
import jmergekit.tensor.DType;
import jmergekit.threads.Cancellation;
import jmergekit.tile.TileOps;

/// Recomputes some tensors of an output in float32 and compares them with the written ones. The
/// same plan gives the same tensors and the same figures.
///
/// @param bound the plan whose output is in the folder
/// @param folder the folder with the finished shards
record RoundingSample(
        BoundPlan bound,
        Path folder,
        MergeMethods methods,
        RunThreads threads,
        Executor executor,
        Cancellation cancellation) {
    /// Bytes to read and write for the tensors.
    private static final long BYTES = 256L << 20;

    private static final ValueLayout.OfFloat FLOAT32 =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// Sums over a range of elements.
    private record Sums(double differences, double squares, double largest) {
        static final Sums NONE = new Sums(0, 0, 0);

        Sums plus(Sums other) {
            return new Sums(
                    differences + other.differences,
                    squares + other.squares,
                    Math.max(largest, other.largest));
        }
    }

    /// The errors of rounded tensors; empty if no tensor is rounded.
    List<RoundingError> errors() {
        List<TensorTask> rounded =
                bound.plan().tasks().stream().filter(this::canBeMadeAgain).toList();
        List<TensorTask> tasks =
                new TaskSample(rounded).of(BYTES, 0.5).stream().map(TensorTask::inFloat32).toList();
        if (tasks.isEmpty()) {
            return List.of();
        }
        WrittenTensors written = new WrittenTensors(bound.plan(), folder);
        Map<String, SortedMap<Long, Sums>> sums = new ConcurrentHashMap<>();
        try (InputTensors tensors =
                new InputTensors(written.beside(bound.inputs()), TileOps.best())) {
            Map<String, SourceTensor> stored = new ConcurrentHashMap<>();
            tasks.forEach(t -> {
                String name = t.output().name();
                stored.put(name, tensors.open(written.of(name)));
                sums.put(name, new ConcurrentSkipListMap<>());
            });
            run(tasks, new Comparing(stored, sums));
        }
        return errors(tasks, sums);
    }

    private List<RoundingError> errors(
            List<TensorTask> tasks, Map<String, SortedMap<Long, Sums>> sums) {
        List<RoundingError> errors = new ArrayList<>();
        for (TensorTask task : tasks) {
            String name = task.output().name();
            // In the order of the elements, so that the result does not depend on threads.
            Sums all = sums.get(name).values().stream().reduce(Sums.NONE, Sums::plus);
            String dtype =
                    bound.plan()
                            .shards()
                            .place(name)
                            .orElseThrow()
                            .entry()
                            .spec()
                            .dtype()
                            .toString();
            errors.add(
                    new RoundingError(
                            name,
                            dtype,
                            Math.sqrt(all.differences() / all.squares()),
                            all.largest()));
        }
        return errors;
    }

    // A method that measures all tensors would get different measurements.
    private boolean canBeMadeAgain(TensorTask task) {
        return task.output().dtype() != DType.F32
                && task.inFloat32() != task
                && task.output().bytes() > 0
                && !(task.parts().getFirst().sources().getFirst() instanceof Quantised)
                && Stream.concat(Stream.of(task), task.inner().stream())
                        .flatMap(t -> t.parts().stream())
                        .noneMatch(this::isPrepared);
    }

    private boolean isPrepared(TensorTask task) {
        return task.work() instanceof Work.Merge merge
                && methods.named(merge.method())
                        .filter(PreparedMethod.class::isInstance)
                        .isPresent();
    }

    private void run(List<TensorTask> tasks, ShardSink sink) {
        ShardLayout layout =
                ShardLayout.plan(
                        ShardFormat.SAFETENSORS,
                        tasks.stream().map(TensorTask::output).toList(),
                        Long.MAX_VALUE);
        Plan plan =
                new Plan(
                        bound.plan().models(),
                        tasks,
                        layout,
                        List.of(),
                        List.of(),
                        OptionalLong.empty(),
                        bound.plan().computed(),
                        Plan.Listing.EMPTY);
        new PlanRun(bound.with(plan), methods, threads, executor, (_, _) -> {}, cancellation)
                .make(
                        layout.shards().stream().map(ShardLayout.Shard::fileName).toList(),
                        sink,
                        () -> folder.resolve(".report-inner-merges"),
                        () -> {});
    }

    /// Compares computed tensors with the written ones.
    private record Comparing(
            Map<String, SourceTensor> stored, Map<String, SortedMap<Long, Sums>> sums)
            implements ShardSink {
        @Override
        public void write(String tensor, long byteOffset, MemorySegment bytes) {
            long from = byteOffset / Float.BYTES;
            long count = bytes.byteSize() / Float.BYTES;
            float[] written = new float[TileOps.TILE];
            Sums all = Sums.NONE;
            for (long at = 0; at < count; at += TileOps.TILE) {
                int n = (int) Math.min(TileOps.TILE, count - at);
                stored.get(tensor).read(from + at, n, written);
                all = all.plus(of(bytes.asSlice(at * Float.BYTES), n, written));
            }
            sums.get(tensor).put(byteOffset, all);
        }

        private static Sums of(MemorySegment exact, int n, float[] written) {
            double differences = 0;
            double squares = 0;
            double largest = 0;
            for (int i = 0; i < n; i++) {
                double value = exact.getAtIndex(FLOAT32, i);
                double difference = written[i] - value;
                if (Double.isFinite(difference)) {
                    differences += difference * difference;
                    squares += value * value;
                    largest = Math.max(largest, Math.abs(difference));
                }
            }
            return new Sums(differences, squares, largest);
        }

        @Override
        public long nonFinite(String tensor) {
            return 0;
        }
    }
}
