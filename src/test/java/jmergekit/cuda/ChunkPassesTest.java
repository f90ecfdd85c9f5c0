package jmergekit.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import jmergekit.engine.WorkerChunks;
import jmergekit.fixture.RequiresGpu;
import jmergekit.primitive.Combination;
import jmergekit.primitive.Combination.ContributionMean;
import jmergekit.primitive.Combination.Division;
import jmergekit.primitive.Combination.Election;
import jmergekit.primitive.Combination.ReplaceAtLeast;
import jmergekit.primitive.Combination.TaskVectorSum;
import jmergekit.primitive.Combination.VectorSums;
import jmergekit.primitive.Combination.Vectors;
import jmergekit.primitive.Combination.WeightedSum;
import jmergekit.primitive.Importance;
import jmergekit.primitive.Mask;
import jmergekit.primitive.Primitives;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.threads.Cancellation;
import jmergekit.threads.Workers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Into how many chunks a tensor is cut, and how many threads work on them, changes no bit.
@RequiresGpu
class ChunkPassesTest {
    /// Of six segments, the last one shorter.
    private static final Shape ROWS = Shape.of(333, 1001);

    /// Of six segments, the last one of each row shorter.
    private static final Shape LONG_ROWS = Shape.of(3, (1 << 20) + 1001);

    private static final int BASE = 1;

    private static final long PLENTY = 256 << 20;

    /// Not enough for two segments, so that each is a chunk.
    private static final long LITTLE = 1 << 19;

    /// Enough for two segments of `ROWS` or so.
    private static final long MORE = 5 << 20;

    record Work(String name, Shape shape, int sources, Function<Primitives, Combination> how) {
        @Override
        public String toString() {
            return name + " of " + shape;
        }
    }

    static final List<Work> WORKS =
            List.of(
                    new Work("weighted sum", ROWS, 3, _ -> new WeightedSum(new double[] {1, 2, 3})),
                    new Work("largest", ROWS, 3, p -> kept(p.select(third(p)))),
                    new Work("largest", LONG_ROWS, 3, p -> kept(p.select(third(p)))),
                    new Work("between", ROWS, 3, p -> kept(p.selectBetween(third(p), third(p)))),
                    new Work("varying", ROWS, 3, p -> kept(p.selectVarying(0.4))),
                    new Work(
                            "bernoulli",
                            LONG_ROWS,
                            3,
                            p -> kept(all(p, new Mask.Bernoulli(7, 0.3)))),
                    new Work(
                            "ranked",
                            ROWS,
                            3,
                            p -> kept(all(p, new Mask.BernoulliByRank(7, 0.5, 0.2)))),
                    new Work(
                            "ranked",
                            LONG_ROWS,
                            2,
                            p -> kept(all(p, new Mask.BernoulliByRank(7, 0.5, 0.2)))),
                    new Work("gram", ROWS, 3, p -> new WeightedSum(p.gram()[2])),
                    new Work("gram", LONG_ROWS, 2, p -> new WeightedSum(p.gram()[0])),
                    new Work("scaled", ROWS, 3, ChunkPassesTest::scaled),
                    new Work("scaled", LONG_ROWS, 2, ChunkPassesTest::scaled),
                    new Work("contributions", ROWS, 3, ChunkPassesTest::contributions),
                    new Work("replace at least", ROWS, 2, ChunkPassesTest::replacement),
                    new Work("whole vectors", ROWS, 3, _ -> sums(Vectors.WHOLE)),
                    new Work("rows", ROWS, 3, _ -> sums(Vectors.ALONG_LAST)),
                    new Work("columns", ROWS, 3, _ -> sums(Vectors.ALONG_FIRST)));

    private static Gpu gpu;

    @BeforeAll
    static void open() throws NoGpuException {
        Gpus.find();
        gpu = new Gpu(Driver.load(), 0, KernelText.load());
    }

    @AfterAll
    static void close() {
        gpu.close();
    }

    @ParameterizedTest
    @FieldSource("WORKS")
    void chunksAndThreadsMakeNoDifference(Work work) {
        TestTensor tensor = tensor(work);
        assertThat(Segments.of(work.shape).parts(1)).hasSizeGreaterThanOrEqualTo(5);

        byte[] expected = result(tensor, work, PLENTY, 1);

        for (long memory : new long[] {LITTLE, MORE}) {
            for (int threads : new int[] {1, 3}) {
                byte[] actual = result(tensor, work, memory, threads);
                assertThat(Arrays.mismatch(actual, expected))
                        .as("first different byte of a run with %d bytes", memory)
                        .isEqualTo(-1);
            }
        }
    }

    private static byte[] result(TestTensor tensor, Work work, long memory, int threads) {
        List<DeviceStream> streams = Collections.synchronizedList(new ArrayList<>());
        ThreadLocal<DeviceStream> ofThread =
                ThreadLocal.withInitial(() -> {
                    DeviceStream stream = new DeviceStream(gpu, memory);
                    streams.add(stream);
                    return stream;
                });
        AtomicReference<byte[]> result = new AtomicReference<>();
        try (Workers workers = new Workers(threads)) {
            Runnable run =
                    () ->
                            result.set(
                                    tensor.combine(
                                            (sources, base, output, chunks) ->
                                                    new CudaPrimitives(
                                                            sources,
                                                            base,
                                                            output,
                                                            chunks,
                                                            ofThread::get,
                                                            new Fallbacks()),
                                            new WorkerChunks(workers, new Cancellation()),
                                            DType.F32,
                                            work.how));
            workers.runAll(List.of(run));
        }
        streams.forEach(DeviceStream::close);
        return result.get();
    }

    // Of few magnitudes, so that many are equal at the border of a selection, but for the last
    // source,
    // whose sums depend on their order. The first one is computed by the host.
    private static TestTensor tensor(Work work) {
        int n = Math.toIntExact(work.shape.elements());
        float[] first = Values.few(DType.F32, n, 0).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        TestTensor tensor = new TestTensor(work.shape, BASE).computed(first);
        for (int i = 1; i < work.sources; i++) {
            boolean isLast = i == work.sources - 1;
            tensor.stored(
                    DType.BF16,
                    isLast ? Values.usual(DType.BF16, n, i) : Values.few(DType.BF16, n, i));
        }
        return tensor;
    }

    private static long[] third(Primitives primitives) {
        long[] third = new long[primitives.sources()];
        Arrays.fill(third, primitives.elements() / 3);
        return third;
    }

    private static Mask[] all(Primitives primitives, Mask mask) {
        Mask[] all = new Mask[primitives.sources()];
        Arrays.fill(all, mask);
        return all;
    }

    private static TaskVectorSum kept(Mask[] masks) {
        double[] ones = new double[masks.length];
        Arrays.fill(ones, 1);
        return new TaskVectorSum(ones, ones, masks, Election.WEIGHTED, Division.ELECTED_WEIGHTS, 1);
    }

    private static Combination scaled(Primitives primitives) {
        Mask[] masks = primitives.select(third(primitives));
        double[][] absolute = primitives.absoluteSums(masks);
        double[] squares = primitives.squareSums(masks);
        double[] coefficients = new double[squares.length];
        for (int i = 0; i < coefficients.length; i++) {
            coefficients[i] = i == BASE ? 1 : absolute[i][0] / absolute[i][1] + squares[i];
        }
        return new WeightedSum(coefficients);
    }

    private static Combination contributions(Primitives primitives) {
        long[][] counts = primitives.contributions(0.1);
        double[] scales = Arrays.stream(counts).mapToDouble(c -> (double) c[0] / c[1]).toArray();
        return new ContributionMean(0.1, scales);
    }

    private static Combination replacement(Primitives primitives) {
        Importance importance = primitives.importance();
        float[] values =
                primitives.importanceAt(importance, new long[] {primitives.elements() * 2 / 3});
        return new ReplaceAtLeast(importance, values[0]);
    }

    private static Combination sums(Vectors vectors) {
        return new VectorSums(vectors, true, gram -> new double[] {gram[0][0], 0, gram[0][2]});
    }
}
