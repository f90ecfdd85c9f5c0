package jmergekit.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;
import jmergekit.tile.TileOps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransposedMatrixTest {
    /// One row and one column; a strip and a part of one; blocks of rows and a part of one.
    @ParameterizedTest
    @CsvSource({"1, 1", "5, 1", "1, 7", "16, 64", "17, 65", "33, 200", "100, 3", "64, 128"})
    void elementsAreThoseOfTheOtherMatrix(int rows, int columns) {
        float[] values = values(rows * columns);
        SourceTensor transposed = new TransposedMatrix(new ArrayTensor(values), rows);

        assertThat(transposed.elements()).isEqualTo(values.length);
        assertSame(transposed, values, rows, columns);
    }

    @ParameterizedTest
    @CsvSource({"8, 32", "16, 32", "24, 96", "72, 64", "40, 160"})
    void microscaledMatricesAreTransposedAsAnyOther(int rows, int columns) {
        MicroscaledTensor packed = packed(rows, columns);
        float[] values = new float[rows * columns];
        packed.read(0, values.length, values);

        SourceTensor transposed = TransposedMatrix.of(packed, rows);

        assertThat(transposed).isInstanceOf(TransposedMicroscaled.class);
        assertSame(transposed, values, rows, columns);
    }

    @Test
    void microscaledMatricesOfOtherSizesAreTransposedToo() {
        MicroscaledTensor packed = packed(9, 32);
        float[] values = new float[9 * 32];
        packed.read(0, values.length, values);

        assertSame(TransposedMatrix.of(packed, 9), values, 9, 32);
    }

    @Test
    void severalThreadsReadOneMatrix() throws ExecutionException, InterruptedException {
        int rows = 70;
        int columns = 300;
        float[] values = values(rows * columns);
        SourceTensor transposed = new TransposedMatrix(new ArrayTensor(values), rows);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<?> done :
                    IntStream.range(0, 16)
                            .mapToObj(_ ->
                                    threads.submit(
                                            () -> assertSame(transposed, values, rows, columns)))
                            .toList()) {
                done.get();
            }
        }
    }

    private static void assertSame(SourceTensor transposed, float[] values, int rows, int columns) {
        for (int n : new int[] {1, 7, 64, 1000}) {
            float[] into = new float[n];
            for (int from = 0; from < values.length; from += n) {
                int length = Math.min(n, values.length - from);
                transposed.read(from, length, into);
                for (int i = 0; i < length; i++) {
                    int at = from + i;
                    assertThat(into[i])
                            .as("element %d of [%d, %d]", at, columns, rows)
                            .isEqualTo(values[at % rows * columns + at / rows]);
                }
            }
        }
    }

    private static float[] values(int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = i * 0.25f - 7;
        }
        return values;
    }

    // Every number, and scales of all sizes but NaN.
    private static MicroscaledTensor packed(int rows, int columns) {
        byte[] codes = new byte[rows * columns / 2];
        byte[] scales = new byte[rows * columns / 32];
        Random random = new Random(rows);
        random.nextBytes(codes);
        for (int i = 0; i < scales.length; i++) {
            scales[i] = (byte) random.nextInt(255);
        }
        return new MicroscaledTensor(
                MemorySegment.ofArray(codes),
                MemorySegment.ofArray(scales),
                (long) rows * columns,
                TileOps.best());
    }

    @Test
    void theDtypeIsThatOfTheOtherMatrix() {
        assertThat(TransposedMatrix.of(packed(8, 32), 8).dtype()).isEqualTo(DType.F4);
    }
}
