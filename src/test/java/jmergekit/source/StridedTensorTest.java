package jmergekit.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import jmergekit.cpu.CpuPrimitives;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.Combination.WeightedSum;
import jmergekit.primitive.OutputTensor;
import jmergekit.primitive.Primitives;
import jmergekit.primitive.Scratch;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.Strides;
import jmergekit.tensor.TensorSpec;
import jmergekit.tile.TileOps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StridedTensorTest {
    @Test
    void transposedViewIsReadColumnByColumn() {
        // Stored as [[0, 1, 2], [3, 4, 5]], seen as [[0, 3], [1, 4], [2, 5]].
        StridedTensor tensor = tensor(DType.U8, Shape.of(3, 2), Strides.of(1, 3), 6, 6);

        assertThat(read(tensor, 0, 6)).containsExactly(0, 3, 1, 4, 2, 5);
        assertThat(read(tensor, 3, 2)).containsExactly(4, 2);
        assertThat(tensor.bytes()).isEmpty();
    }

    @Test
    void everyOtherColumnOfEveryThirdRow() {
        // Rows of 4: 0 1 2 3 | ... | 12 13 14 15
        StridedTensor tensor = tensor(DType.U8, Shape.of(2, 2), Strides.of(12, 2), 15, 4);

        assertThat(read(tensor, 0, 4)).containsExactly(0, 2, 12, 14);
    }

    @Test
    void strideZeroRepeats() {
        StridedTensor tensor = tensor(DType.U8, Shape.of(2, 3), Strides.of(0, 1), 3, 6);

        assertThat(read(tensor, 0, 6)).containsExactly(0, 1, 2, 0, 1, 2);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"F4", "F6_E2M3", "F6_E3M2", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "C64"})
    void elementsAreWidenedAsThoseThatLieSideBySide(DType dtype) {
        int n = 2 * 3 * 5;
        MemorySegment storage = counting(n * dtype.bytes());
        StridedTensor tensor =
                new StridedTensor(
                        new TensorSpec("t", dtype, Shape.of(3, 2, 5)),
                        Strides.of(5, 15, 1),
                        storage,
                        n);
        float[] plain = new float[n];
        TileOps.best().widen(dtype, storage, 0, plain, n);

        float[] seen = read(tensor, 0, n);

        for (int i = 0; i < n; i++) {
            int stored = 5 * (i / 10) + 15 * (i / 5 % 2) + i % 5;
            assertThat(seen[i]).isEqualTo(plain[stored]);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"I64", "F64", "F32", "F16", "F8_E4M3"})
    void passingOnKeepsTheStoredBits(DType dtype) {
        int n = 6;
        byte[] bytes = new byte[n * dtype.bytes()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (251 - 7 * i);
        }
        TensorSpec spec = new TensorSpec("t", dtype, Shape.of(3, 2));
        StridedTensor tensor =
                new StridedTensor(spec, Strides.of(1, 3), MemorySegment.ofArray(bytes), n);
        MemorySegment written = MemorySegment.ofArray(new byte[bytes.length]);

        primitives(tensor, spec, written).combine(new WeightedSum(new double[] {1}));

        int[] order = {0, 3, 1, 4, 2, 5};
        for (int i = 0; i < n; i++) {
            assertThat(element(written, i, dtype))
                    .isEqualTo(element(MemorySegment.ofArray(bytes), order[i], dtype));
        }
    }

    @Test
    void tensorsOfSeveralWritesAreCopiedWhole() {
        int rows = 3;
        int columns = 1 << 20;
        StridedTensor tensor =
                new StridedTensor(
                        new TensorSpec("t", DType.U8, Shape.of(rows, columns)),
                        Strides.of(1, rows),
                        counting(rows * columns),
                        (long) rows * columns);
        MemorySegment written = MemorySegment.ofArray(new byte[rows * columns]);

        primitives(tensor, new TensorSpec("t", DType.U8, Shape.of(rows, columns)), written)
                .combine(new WeightedSum(new double[] {1}));

        for (int i : new int[] {0, 1, columns - 1, columns, 2 * columns + 7, 3 * columns - 1}) {
            int stored = i % columns * rows + i / columns;
            assertThat(written.get(ValueLayout.JAVA_BYTE, i)).isEqualTo((byte) stored);
        }
    }

    @Test
    void storageOfAnotherSizeIsAMistake() {
        assertThatThrownBy(() -> tensor(DType.U8, Shape.of(3, 2), Strides.of(1, 3), 7, 6))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tensor(DType.U8, Shape.of(3, 2), Strides.of(1, 3), 6, 7))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static CpuPrimitives primitives(
            SourceTensor source, TensorSpec spec, MemorySegment written) {
        OutputTensor output =
                new OutputTensor() {
                    @Override
                    public TensorSpec spec() {
                        return spec;
                    }

                    @Override
                    public void write(long byteOffset, MemorySegment bytes) {
                        written.asSlice(byteOffset, bytes.byteSize()).copyFrom(bytes);
                    }
                };
        return new CpuPrimitives(
                List.of(source),
                Primitives.NO_BASE,
                output,
                StridedTensorTest::map,
                TileOps.best());
    }

    private static <R> List<R> map(long elements, Chunks.Work<R> work) {
        List<R> results = new ArrayList<>();
        for (int i = 0; i < Chunks.count(elements); i++) {
            results.add(work.run(Chunks.chunk(i, elements), new Scratch()));
        }
        return results;
    }

    private static byte[] element(MemorySegment bytes, int i, DType dtype) {
        return bytes.asSlice((long) i * dtype.bytes(), dtype.bytes())
                .toArray(ValueLayout.JAVA_BYTE);
    }

    private static StridedTensor tensor(
            DType dtype, Shape shape, Strides strides, int bytes, long elements) {
        return new StridedTensor(
                new TensorSpec("t", dtype, shape), strides, counting(bytes), elements);
    }

    private static float[] read(SourceTensor tensor, long from, int n) {
        float[] values = new float[n];
        tensor.read(from, n, values);
        return values;
    }

    private static MemorySegment counting(int bytes) {
        byte[] storage = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            storage[i] = (byte) i;
        }
        return MemorySegment.ofArray(storage);
    }
}
