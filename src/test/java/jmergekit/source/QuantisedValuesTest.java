package jmergekit.source;

import static jmergekit.source.FloatTensors.all;
import static jmergekit.source.FloatTensors.read;
import static jmergekit.source.FloatTensors.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import jmergekit.fixture.SerialChunks;
import jmergekit.tensor.DType;
import jmergekit.tile.TileOps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Quantised tensors against arithmetic in doubles that shares no code with them.
final class QuantisedValuesTest {
    private static QuantisedValues quantised(float[] x, BlockFormat format) {
        return new QuantisedValues(
                stored(x), format, BlockScales.of(stored(x), format, new SerialChunks()));
    }

    private static float[] random(int n, long seed) {
        Random random = new Random(seed);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(8) - 10));
        }
        return x;
    }

    @ParameterizedTest
    @CsvSource({
        "1, 256, 384, 128, 128",
        "1, 300, 200, 128, 128",
        "2, 130, 129, 128, 128",
        "3, 5, 7, 2, 3",
        "1, 40, 100, 1, 100",
        "1, 33, 65, 33, 65",
    })
    void everyBlockIsDividedByItsLargestOver448AndRoundedToTheNearest(
            int matrices, int rows, int columns, int blockRows, int blockColumns) {
        float[] x = random(matrices * rows * columns, 3);
        BlockFormat format =
                new BlockFormat(DType.F8_E4M3, DType.F32, rows, columns, blockRows, blockColumns);
        QuantisedValues quantised = quantised(x, format);

        float[] values = all(quantised, TileOps.TILE);

        int down = (rows + blockRows - 1) / blockRows;
        int across = (columns + blockColumns - 1) / blockColumns;
        double[] largest = new double[matrices * down * across];
        for (int i = 0; i < x.length; i++) {
            int block = block(i, rows, columns, blockRows, blockColumns, down, across);
            largest[block] = Math.max(largest[block], Math.abs(x[i]));
        }
        float[] scales = read(quantised.scales(), 0, largest.length);
        for (int b = 0; b < largest.length; b++) {
            assertThat(scales[b]).isEqualTo((float) (largest[b] / 448));
        }
        SmallFloatTable table = SmallFloatTable.e4m3();
        for (int i = 0; i < x.length; i++) {
            double scale = scales[block(i, rows, columns, blockRows, blockColumns, down, across)];
            assertThat((double) values[i]).isEqualTo(table.nearest(x[i] / scale));
        }
        assertThat(all(quantised, 37)).isEqualTo(values);
    }

    private static int block(
            int i, int rows, int columns, int blockRows, int blockColumns, int down, int across) {
        int matrix = i / (rows * columns);
        int row = i / columns % rows;
        int column = i % columns;
        return (matrix * down + row / blockRows) * across + column / blockColumns;
    }

    // 1 + 2^-4 lies between two E4M3 floats; in float32 arithmetic the quotients would be ties.
    @Test
    void aQuotientThatIsNoTieIsNotRoundedAsOne() {
        float above = 1.0625f * 3;
        float[] x = {448 * 3, Math.nextUp(above), above, Math.nextDown(above), -above};
        BlockFormat format = new BlockFormat(DType.F8_E4M3, DType.F32, 1, 5, 1, 5);

        float[] values = all(quantised(x, format), 5);

        assertThat(values).containsExactly(448, 1.125f, 1, 1, -1);
    }

    @Test
    void aBlockOfZerosHasTheScaleOne() {
        float[] x = {0, -0f, 0, 0, 1, 2, 3, 4};
        BlockFormat format = new BlockFormat(DType.F8_E4M3, DType.F32, 2, 4, 1, 4);

        QuantisedValues quantised = quantised(x, format);

        assertThat(read(quantised.scales(), 0, 2)).containsExactly(1, 4 / 448f);
        assertThat(all(quantised, 8)).startsWith(0, -0f, 0, 0, 112);
    }

    @Test
    void tinyMagnitudesHaveAScaleThatIsNoSubnormal() {
        float[] x = {Float.MIN_VALUE, 1e-40f, -1e-37f, Float.MIN_NORMAL};
        BlockFormat format = new BlockFormat(DType.F8_E4M3, DType.F32, 1, 4, 1, 4);

        QuantisedValues quantised = quantised(x, format);

        assertThat(read(quantised.scales(), 0, 1)).containsExactly(Float.MIN_NORMAL);
        assertThat(all(quantised, 4)).containsExactly(0, 4 * 0x1p-9f, -9, 1);
    }

    @Test
    void theLargestFloatsAreInRange() {
        float[] x = {Float.MAX_VALUE, -Float.MAX_VALUE, 1e38f, 0};
        BlockFormat format = new BlockFormat(DType.F8_E4M3, DType.F32, 1, 4, 1, 4);

        QuantisedValues quantised = quantised(x, format);

        assertThat(all(quantised, 4)).startsWith(448, -448);
        assertThat(read(quantised.scales(), 0, 1)[0]).isFinite();
    }

    @Test
    void nanAndInfinityTakeNoPartInTheScaleOfEightBits() {
        float[] x = {Float.NaN, Float.POSITIVE_INFINITY, -2, 1};
        BlockFormat format = new BlockFormat(DType.F8_E4M3, DType.F32, 1, 4, 1, 4);
        QuantisedValues quantised = quantised(x, format);

        float[] values = all(quantised, 4);

        assertThat(read(quantised.scales(), 0, 1)).containsExactly(2 / 448f);
        assertThat(values[0]).isNaN();
        assertThat(values[1]).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(values[2]).isEqualTo(-448);
        QuantisationLoss loss = QuantisationLoss.of(quantised, new SerialChunks());
        assertThat(loss.nonFinite()).isEqualTo(2);
        assertThat(loss.relative()).isCloseTo(0, within(1e-6));
    }

    @ParameterizedTest
    @CsvSource({"448, 1", "449, 2", "224, 0.5", "225, 1", "1, 0.00390625"})
    void aPowerOfTwoForEightBitsLeavesNothingOutOfRange(float largest, float scale) {
        BlockFormat format = new BlockFormat(DType.F8_E4M3, DType.F8_E8M0, 1, 2, 1, 2);

        QuantisedValues quantised = quantised(new float[] {largest, 0}, format);

        assertThat(read(quantised.scales(), 0, 1)).containsExactly(scale);
    }

    @ParameterizedTest
    @CsvSource({"BF16, 0.0022277832", "F16, 0.0022315979"})
    void aScaleOfSixteenBitsIsTheOneThatIsDividedBy(DType dtype, float scale) {
        BlockFormat format = new BlockFormat(DType.F8_E4M3, dtype, 1, 2, 1, 2);
        float[] x = {1, 0.3f};

        QuantisedValues quantised = quantised(x, format);

        assertThat(read(quantised.scales(), 0, 1)).containsExactly(scale);
        assertThat((double) all(quantised, 2)[1])
                .isEqualTo(SmallFloatTable.e4m3().nearest(0.3f / (double) scale));
        assertThat(all(quantised, 2)[0]).isEqualTo(448);
    }

    @Test
    void mxHasTheExponentOfTheLargestLessTwo() {
        float[] x = new float[64];
        x[0] = 7.9f;
        x[1] = 2.5f;
        x[2] = -5;
        x[3] = 0.25f;
        x[33] = 0x1p-140f;
        BlockFormat format = new BlockFormat(DType.F4, DType.U8, 2, 32, 1, 32);
        QuantisedValues quantised = quantised(x, format);

        assertThat(read(quantised.scales(), 0, 2)).containsExactly(127, 0);
        // Ties go to the even code: 2.5 to 2, 5 to 4, 0.25 to 0.
        assertThat(all(quantised, 64)).startsWith(6, 2, -4, 0);
        float[] bytes = all(new PackedNibbles(quantised), 32);
        assertThat(bytes).startsWith(0x47, 0x0e);
    }

    @Test
    void everyFourBitsAreWritten() {
        float[] x = {0, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0f, -0.5f, -1, -1.5f, -2, -3, -4, -6};
        BlockFormat format = new BlockFormat(DType.F4, DType.U8, 1, 16, 1, 32);

        float[] bytes = all(new PackedNibbles(quantised(x, format)), 8);

        assertThat(bytes).containsExactly(0x10, 0x32, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe);
    }

    @Test
    void aBlockOfFourBitsWithNanHasAScaleThatIsNan() {
        float[] x = new float[64];
        x[5] = Float.NaN;
        x[40] = 1;
        BlockFormat format = new BlockFormat(DType.F4, DType.U8, 2, 32, 1, 32);

        QuantisedValues quantised = quantised(x, format);

        assertThat(read(quantised.scales(), 0, 2)).containsExactly(255, 125);
    }

    @Test
    void theLossIsThatOfTheProducts() {
        float[] x = random(300 * 200, 8);
        BlockFormat format = new BlockFormat(DType.F8_E4M3, DType.F32, 300, 200, 128, 128);
        QuantisedValues quantised = quantised(x, format);
        float[] values = all(quantised, 4096);
        float[] scales = read(quantised.scales(), 0, 6);

        QuantisationLoss loss = QuantisationLoss.of(quantised, new SerialChunks());

        double error = 0;
        double norm = 0;
        double largest = 0;
        for (int i = 0; i < x.length; i++) {
            double scale = scales[block(i, 300, 200, 128, 128, 3, 2)];
            double difference = values[i] * scale - x[i];
            error += difference * difference;
            norm += (double) x[i] * x[i];
            largest = Math.max(largest, Math.abs(difference) / (448 * scale));
        }
        assertThat(loss.relative()).isCloseTo(Math.sqrt(error / norm), within(1e-12));
        assertThat(loss.largest()).isCloseTo(largest, within(1e-12));
        assertThat(loss.relative()).isBetween(0.01, 0.05);
    }
}
