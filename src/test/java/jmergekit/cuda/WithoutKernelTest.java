package jmergekit.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import jmergekit.fixture.RequiresGpu;
import jmergekit.fixture.SerialChunks;
import jmergekit.primitive.Combination;
import jmergekit.primitive.Combination.Computed;
import jmergekit.primitive.Combination.WeightedSum;
import jmergekit.primitive.Primitives;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import org.junit.jupiter.api.Test;

/// Primitives that no GPU has a kernel for run on the CPU, and the report says so once.
@RequiresGpu
class WithoutKernelTest {
    private static final String LINE = "ran on the CPU, since no kernel exists yet: matrices";

    private final TestTensor tensor =
            new TestTensor(Shape.of(3, 4), Primitives.NO_BASE)
                    .stored(DType.BF16, Values.usual(DType.BF16, 12, 0))
                    .computed(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});

    @Test
    void matricesAreReadAndWrittenByTheHost() throws NoGpuException {
        try (CudaExecutor gpu = Gpus.find().open(List.of(0))) {
            for (int tensors = 0; tensors < 2; tensors++) {
                byte[] matrix = combine(gpu, DType.BF16, p -> new Computed(p.matrix(0)));
                byte[] copy = combine(gpu, DType.BF16, _ -> new WeightedSum(new double[] {1, 0}));
                assertThat(matrix).isEqualTo(copy);
            }

            assertThat(gpu.report()).containsOnlyOnce(LINE).last().isEqualTo(LINE);
        }
    }

    @Test
    void whatHasKernelsIsNotReported() throws NoGpuException {
        try (CudaExecutor gpu = Gpus.find().open(List.of(0))) {
            combine(gpu, DType.F32, _ -> new WeightedSum(new double[] {1, 2}));

            assertThat(gpu.report()).isNotEmpty().doesNotContain(LINE);
        }
    }

    private byte[] combine(
            CudaExecutor gpu, DType into, Function<Primitives, Combination> combination) {
        return tensor.combine(gpu::primitives, new SerialChunks(), into, combination);
    }
}
