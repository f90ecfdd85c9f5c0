package jmergekit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import jmergekit.cpu.CpuExecutor;
import jmergekit.method.MergeMethods;
import jmergekit.plan.Plan;
import jmergekit.plan.Rearranged;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Values;
import jmergekit.plan.Work;
import jmergekit.shards.ShardFormat;
import jmergekit.shards.ShardLayout;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.threads.Cancellation;
import jmergekit.threads.Workers;
import jmergekit.tile.TileOps;
import org.junit.jupiter.api.Test;

/// Tensors that are made in parts, such as all experts of a layer.
class TaskPartsTest {
    private final Map<String, float[]> written = new HashMap<>();

    private static TaskInput given(String name, float... values) {
        TensorSpec spec = new TensorSpec(name, DType.F32, Shape.of(values.length));
        return new TaskInput(0, new Source.Given(spec, Values.of(values)));
    }

    private static TensorTask sum(String name, DType dtype, TaskInput a, TaskInput b) {
        TensorSpec spec = new TensorSpec(name, dtype, a.shape());
        return new TensorTask(spec, List.of(a, b), new Work.Sum(List.of(1.0, 2.0)));
    }

    private static TensorTask copy(String name, DType dtype, TaskInput a) {
        return new TensorTask(new TensorSpec(name, dtype, a.shape()), List.of(a), new Work.Copy());
    }

    private static TensorTask parts(String name, DType dtype, TensorTask... parts) {
        long elements = Arrays.stream(parts).mapToLong(p -> p.output().shape().elements()).sum();
        return TensorTask.ofParts(new TensorSpec(name, dtype, Shape.of(elements)), List.of(parts));
    }

    @Test
    void partsFollowEachOtherInTheOutput() {
        TensorTask first = sum("x.0", DType.F32, given("a", 1, 2, 3), given("b", 10, 20, 30));
        TensorTask second = copy("x.1", DType.F32, given("c", 4, 5));

        run(parts("x", DType.F32, first, second));

        assertThat(written.get("x")).containsExactly(21, 42, 63, 4, 5);
    }

    // 257 lies between 256 and 258: bfloat16 has eight bits.
    @Test
    void eachPartIsRoundedToTheDtypeOfTheOutput() {
        TensorTask first = sum("x.0", DType.BF16, given("a", 1), given("b", 128));
        TensorTask second = copy("x.1", DType.BF16, given("c", 259, -3));

        run(parts("x", DType.BF16, first, second));

        assertThat(written.get("x")).containsExactly(256, 260, -3);
    }

    @Test
    void whatIsNotFiniteInOnePartIsCountedForTheWhole() {
        TensorTask first = copy("x.0", DType.BF16, given("a", 1, 2));
        TensorTask second =
                sum("x.1", DType.BF16, given("b", Float.NaN, 1, 1), given("c", 1, 1, 1));

        Findings found = run(parts("x", DType.BF16, first, second)).get("x");

        assertThat(written.get("x")).containsExactly(1, 2, Float.NaN, 3, 3);
        assertThat(found.nonFinite()).singleElement().extracting(t -> t.count()).isEqualTo(1L);
    }

    @Test
    void aTensorInPartsIsReadByTasksAroundIt() {
        TensorTask inner =
                parts(
                        "inner",
                        DType.F32,
                        copy("inner.0", DType.F32, given("a", 1, 2)),
                        copy("inner.1", DType.F32, given("b", 3, 4)));
        Source made = new Source.Made(inner, DType.F32);
        TaskInput odd = new TaskInput(0, new Rearranged.Rows(made, 1, 0, 2, Shape.of(2)));
        TaskInput even = new TaskInput(0, new Rearranged.Rows(made, 1, 1, 2, Shape.of(2)));

        run(parts("x", DType.F32, copy("x.0", DType.F32, odd), sum("x.1", DType.F32, even, odd)));

        assertThat(written.get("x")).containsExactly(1, 3, 4, 10);
    }

    private Map<String, Findings> run(TensorTask task) {
        ShardLayout layout =
                ShardLayout.plan(ShardFormat.SAFETENSORS, List.of(task.output()), Long.MAX_VALUE);
        Plan plan =
                new Plan(
                        List.of("A"),
                        List.of(task),
                        layout,
                        List.of(),
                        List.of(),
                        OptionalLong.empty(),
                        Map.of(),
                        Plan.Listing.EMPTY);
        TileOps ops = TileOps.best();
        Cancellation cancellation = new Cancellation();
        MergeMethods methods = MergeMethods.builtIn();
        try (OpenFiles files = new OpenFiles(new InputFolders(Map.of(), List.of()), ops);
                InnerOutputs inner =
                        new InnerOutputs(() -> {
                            throw new IllegalStateException("all of it is small");
                        });
                InputReadAhead readAhead = new InputReadAhead(FileReads.of(List.of()), files, 0);
                Workers workers = new Workers(2)) {
            Map<String, Findings> found = new HashMap<>();
            TaskRunner runner =
                    new TaskRunner(
                            plan.models(),
                            plan.computed(),
                            files,
                            ops,
                            new CpuExecutor(ops),
                            new WorkerChunks(workers, cancellation),
                            readAhead,
                            inner,
                            methods,
                            new Preparations(plan, methods),
                            MemoryBudget.ofHeap(),
                            cancellation);
            workers.runAll(List.of(() -> found.putAll(runner.run(List.of(task), new Sink(task)))));
            return found;
        }
    }

    /// Keeps the output as float32.
    private final class Sink implements ShardSink {
        private final DType dtype;

        private Sink(TensorTask task) {
            this.dtype = task.output().dtype();
            float[] none = new float[(int) task.output().shape().elements()];
            Arrays.fill(none, Float.MIN_VALUE);
            written.put(task.output().name(), none);
        }

        @Override
        public synchronized void write(String tensor, long byteOffset, MemorySegment bytes) {
            float[] all = written.get(tensor);
            int first = (int) (byteOffset / dtype.bytes());
            for (int i = 0; i < bytes.byteSize() / dtype.bytes(); i++) {
                all[first + i] = value(bytes, (long) i * dtype.bytes());
            }
        }

        private float value(MemorySegment bytes, long at) {
            return dtype == DType.F32
                    ? bytes.get(
                            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), at)
                    : Float.intBitsToFloat(
                            bytes.get(
                                            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(
                                                    ByteOrder.LITTLE_ENDIAN),
                                            at)
                                    << 16);
        }

        @Override
        public synchronized long nonFinite(String tensor) {
            float[] all = written.get(tensor);
            return IntStream.range(0, all.length).filter(i -> !Float.isFinite(all[i])).count();
        }
    }
}
