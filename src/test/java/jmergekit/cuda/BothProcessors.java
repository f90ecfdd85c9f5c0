package jmergekit.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import jmergekit.cpu.CpuExecutor;
import jmergekit.fixture.SerialChunks;
import jmergekit.primitive.Combination;
import jmergekit.primitive.Executor;
import jmergekit.primitive.Primitives;
import jmergekit.tensor.DType;
import jmergekit.tile.TileOps;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// The CPU and the first GPU, one beside the other, for all tests of a class.
final class BothProcessors implements BeforeAllCallback, AfterAllCallback {
    private final Executor cpu = new CpuExecutor(TileOps.best());
    private final SerialChunks chunks = new SerialChunks();
    private @Nullable Executor opened;

    @Override
    public void beforeAll(ExtensionContext context) throws NoGpuException {
        opened = Gpus.find().open(List.of(0));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        gpu().close();
    }

    private Executor gpu() {
        return Objects.requireNonNull(opened);
    }

    /// The results to the same operation.
    record Results<R>(R cpu, R gpu) {}

    <R> Results<R> ask(TestTensor tensor, Function<Primitives, R> operation) {
        return new Results<>(
                tensor.ask(cpu::primitives, chunks, operation),
                tensor.ask(gpu()::primitives, chunks, operation));
    }

    /// Both write the same bytes.
    void assertSame(
            TestTensor tensor, DType into, Function<Primitives, ? extends Combination> how) {
        byte[] expected = tensor.combine(cpu::primitives, chunks, into, how);

        byte[] actual = tensor.combine(gpu()::primitives, chunks, into, how);

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
}
