package jmergekit.source;

import static jmergekit.source.FloatTensors.all;
import static jmergekit.source.FloatTensors.read;
import static jmergekit.source.FloatTensors.stored;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import jmergekit.tile.TileOps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ScaledBlocksTest {
    @Test
    void eachBlockIsMultipliedByItsNumber() {
        float[] ones = new float[3 * 5];
        Arrays.fill(ones, 1);
        ScaledBlocks scaled =
                new ScaledBlocks(
                        stored(ones),
                        stored(new float[] {1, 2, 3, 4, 5, 6}),
                        new ScaledBlocks.Grid(3, 5, 2, 2, false));

        // Blocks of 2 x 2; the last ones are narrower, or lower.
        assertThat(read(scaled, 0, 15))
                .containsExactly(1, 1, 2, 2, 3, 1, 1, 2, 2, 3, 4, 4, 5, 5, 6);
        assertThat(scaled.bytes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "300, 300, 128, 128",
        "5, 4096, 128, 128",
        "3, 9000, 1, 9000",
        "40, 7, 40, 7",
        "700, 1, 128, 128",
        "9, 10, 1, 1",
    })
    void anyRunOfElementsIsScaledAsTheWhole(
            int rows, int columns, int blockRows, int blockColumns) {
        int blocksInRow = (columns + blockColumns - 1) / blockColumns;
        float[] scales = new float[(rows + blockRows - 1) / blockRows * blocksInRow];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = i + 1;
        }
        float[] x = new float[rows * columns];
        Arrays.fill(x, 2);
        ScaledBlocks scaled =
                new ScaledBlocks(
                        stored(x),
                        stored(scales),
                        new ScaledBlocks.Grid(rows, columns, blockRows, blockColumns, false));

        float[] whole = all(scaled, TileOps.TILE);

        for (int i = 0; i < x.length; i++) {
            int row = i / columns / blockRows;
            int column = i % columns / blockColumns;
            assertThat(whole[i]).isEqualTo(2 * scales[row * blocksInRow + column]);
        }
        assertThat(all(scaled, 37)).isEqualTo(whole);
    }

    @Test
    void blocksBeginAnewWithEachMatrix() {
        float[] ones = new float[2 * 3 * 2];
        Arrays.fill(ones, 1);
        ScaledBlocks scaled =
                new ScaledBlocks(
                        stored(ones),
                        stored(new float[] {1, 2, 3, 4}),
                        new ScaledBlocks.Grid(3, 2, 2, 2, false));

        assertThat(read(scaled, 0, 12)).containsExactly(1, 1, 1, 1, 2, 2, 3, 3, 3, 3, 4, 4);
        assertThat(read(scaled, 5, 4)).containsExactly(2, 3, 3, 3);
    }

    @Test
    void blocksAreDividedWhereTheirNumbersAreDivisors() {
        ScaledBlocks scaled =
                new ScaledBlocks(
                        stored(new float[] {1, 2, 10}),
                        stored(new float[] {3, 5}),
                        new ScaledBlocks.Grid(1, 3, 1, 2, true));

        assertThat(read(scaled, 0, 3)).containsExactly(1 / 3f, 2 / 3f, 2);
    }
}
