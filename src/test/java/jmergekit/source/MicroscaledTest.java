package jmergekit.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import jmergekit.fixture.SmallFloats;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.tensor.TensorView;
import jmergekit.tile.TileOps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Floats of four bits with scales, against values worked out in float64.
final class MicroscaledTest {
    private static final int BLOCK = 32;

    @Test
    void everyNumberOfFourBitsIsMultipliedByEveryScale() {
        byte[] codes = new byte[256 * BLOCK / 2];
        byte[] scales = new byte[256];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) (2 * i % 16 | (2 * i + 1) % 16 << 4);
        }
        for (int i = 0; i < scales.length; i++) {
            scales[i] = (byte) i;
        }

        float[] read = FloatTensors.all(tensor(codes, scales, 256 * BLOCK), TileOps.TILE);

        for (int scale = 0; scale < 256; scale++) {
            for (int i = 0; i < BLOCK; i++) {
                double value = SmallFloats.e2m1(i % 16) * SmallFloats.e8m0(scale);
                assertThat(Float.valueOf(read[scale * BLOCK + i]))
                        .as("code %d, scale %d", i % 16, scale)
                        .isEqualTo(Float.valueOf((float) value));
            }
        }
        assertThat(read[0 * BLOCK + 1]).isEqualTo(0x1p-128f);
        assertThat(read[254 * BLOCK + 15]).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(Float.floatToRawIntBits(read[8])).isEqualTo(Integer.MIN_VALUE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 31, 32, 33, 64, 100, 1000, TileOps.TILE})
    void anyRunOfElementsIsReadAsTheWhole(int run) {
        int columns = 7 * BLOCK;
        int elements = 29 * columns;
        byte[] codes = new byte[elements / 2];
        byte[] scales = new byte[elements / BLOCK];
        Random random = new Random(5);
        random.nextBytes(codes);
        for (int i = 0; i < scales.length; i++) {
            scales[i] = (byte) random.nextInt(255);
        }

        float[] read = FloatTensors.all(tensor(codes, scales, columns), run);

        for (int i = 0; i < elements; i++) {
            int code = codes[i / 2] >> i % 2 * 4 & 15;
            double value = SmallFloats.e2m1(code) * SmallFloats.e8m0(scales[i / BLOCK]);
            assertThat(read[i]).isEqualTo((float) value);
        }
    }

    private static SourceTensor tensor(byte[] codes, byte[] scales, long columns) {
        long elements = 2L * codes.length;
        TensorSpec spec = new TensorSpec("scales", DType.F8_E8M0, Shape.of((long) scales.length));
        return ScaledBlocks.of(
                new Float4Tensor(MemorySegment.ofArray(codes), elements),
                new StoredTensor(
                        new TensorView(spec, MemorySegment.ofArray(scales)),
                        scales.length,
                        TileOps.best()),
                new ScaledBlocks.Grid(elements / columns, columns, 1, BLOCK, false));
    }
}
