package jmergekit.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import jmergekit.fixture.SerialChunks;
import jmergekit.kernel.Combination;
import jmergekit.kernel.CpuExecutor;
import jmergekit.kernel.Executor;
import jmergekit.kernel.Primitives;
import jmergekit.kernel.TileOps;
import jmergekit.tensor.DType;

/// The CPU and the first GPU, one beside the other.
final class BothProcessors implements AutoCloseable {
    private final Executor cpu = new CpuExecutor(TileOps.best());
    private final Executor gpu;
    private final SerialChunks chunks = new SerialChunks();

    BothProcessors() throws NoGpuException {
        gpu = Gpus.find().open(List.of(0));
    }

    /// The answers to the same question.
    record Answers<R>(R cpu, R gpu) {}

    <R> Answers<R> ask(TestTensor tensor, Function<Primitives, R> question) {
        return new Answers<>(
                tensor.ask(cpu::primitives, chunks, question),
                tensor.ask(gpu::primitives, chunks, question));
    }

    /// Both write the same bytes.
    void assertSame(
            TestTensor tensor, DType into, Function<Primitives, ? extends Combination> how) {
        byte[] expected = tensor.combine(cpu::primitives, chunks, into, how);

        byte[] actual = tensor.combine(gpu::primitives, chunks, into, how);

        assertThat(expected).isNotEmpty();
        // Without a comparison element by element, which takes long.
        assertThat(firstDifference(actual, expected, into))
                .as("the first element of %s that is another one", into)
                .isEqualTo("none");
    }

    private static String firstDifference(byte[] actual, byte[] expected, DType dtype) {
        int at = Arrays.mismatch(actual, expected);
        if (at < 0) {
            return "none";
        }
        int size = dtype.bytes();
        int element = at / size;
        return "%d: %s instead of %s"
                .formatted(
                        element,
                        hex(actual, element * size, size),
                        hex(expected, element * size, size));
    }

    private static String hex(byte[] bytes, int from, int size) {
        StringBuilder text = new StringBuilder("0x");
        for (int i = from + size - 1; i >= from; i--) {
            text.append("%02x".formatted(bytes[i]));
        }
        return text.toString();
    }

    @Override
    public void close() {
        gpu.close();
    }
}
