package jmergekit.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Rows of a matrix of six rows and three columns, whose element in row `r` and column `c` is `10 r + c`.
final class MatrixRowsTest {
    private static final float[] MATRIX = {
        0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32, 40, 41, 42, 50, 51, 52
    };

    private static MatrixRows rows(long first, long step, long elements) {
        return new MatrixRows(FloatTensors.stored(MATRIX), 3, first, step, elements);
    }

    @Test
    void everySecondRowBeginsWhereItIsTold() {
        assertThat(FloatTensors.all(rows(0, 2, 9), 64))
                .containsExactly(0, 1, 2, 20, 21, 22, 40, 41, 42);
        assertThat(FloatTensors.all(rows(1, 2, 9), 64))
                .containsExactly(10, 11, 12, 30, 31, 32, 50, 51, 52);
    }

    @Test
    void neighbouringRowsAreARunOfElements() {
        assertThat(FloatTensors.all(rows(2, 1, 6), 64)).containsExactly(20, 21, 22, 30, 31, 32);
        assertThat(FloatTensors.read(rows(2, 1, 6), 2, 3)).containsExactly(22, 30, 31);
    }

    @Test
    void aReadMayBeginAndEndInsideOfRows() {
        assertThat(FloatTensors.read(rows(1, 2, 9), 1, 1)).containsExactly(11);
        assertThat(FloatTensors.read(rows(1, 2, 9), 2, 5)).containsExactly(12, 30, 31, 32, 50);
        assertThat(FloatTensors.read(rows(0, 5, 6), 1, 4)).containsExactly(1, 2, 50, 51);
    }

    @Test
    void anyRunOfElementsIsReadAsTheWhole() {
        float[] whole = FloatTensors.all(rows(1, 2, 9), 64);
        for (int run : List.of(1, 2, 4, 5, 7)) {
            assertThat(FloatTensors.all(rows(1, 2, 9), run)).containsExactly(whole);
        }
    }

    @Test
    void rowsOfOneColumnAreElements() {
        MatrixRows column = new MatrixRows(FloatTensors.stored(MATRIX), 1, 1, 3, 6);

        assertThat(FloatTensors.all(column, 4)).containsExactly(1, 11, 21, 31, 41, 51);
    }
}
