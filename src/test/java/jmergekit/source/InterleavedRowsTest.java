package jmergekit.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jmergekit.tensor.DType;
import org.junit.jupiter.api.Test;

final class InterleavedRowsTest {
    private static final InterleavedRows TWO =
            new InterleavedRows(
                    List.of(
                            FloatTensors.stored(0, 1, 2, 10, 11, 12),
                            FloatTensors.stored(100, 101, 102, 110, 111, 112)),
                    3);

    @Test
    void rowsOfThePartsTakeTurns() {
        assertThat(FloatTensors.all(TWO, 64))
                .containsExactly(0, 1, 2, 100, 101, 102, 10, 11, 12, 110, 111, 112);
        assertThat(TWO.elements()).isEqualTo(12);
        assertThat(TWO.dtype()).isEqualTo(DType.F32);
        assertThat(TWO.bytes()).isEmpty();
    }

    @Test
    void aReadMayBeginAndEndInsideOfRows() {
        assertThat(FloatTensors.read(TWO, 4, 1)).containsExactly(101);
        assertThat(FloatTensors.read(TWO, 1, 7)).containsExactly(1, 2, 100, 101, 102, 10, 11);
        assertThat(FloatTensors.read(TWO, 5, 5)).containsExactly(102, 10, 11, 12, 110);
    }

    @Test
    void anyRunOfElementsIsReadAsTheWhole() {
        float[] whole = FloatTensors.all(TWO, 64);
        for (int run : List.of(1, 2, 4, 5, 7)) {
            assertThat(FloatTensors.all(TWO, run)).containsExactly(whole);
        }
    }

    @Test
    void rowsOfOneColumnOfThreePartsTakeTurns() {
        InterleavedRows three =
                new InterleavedRows(
                        List.of(
                                FloatTensors.stored(0, 1),
                                FloatTensors.stored(10, 11),
                                FloatTensors.stored(20, 21)),
                        1);

        assertThat(FloatTensors.all(three, 4)).containsExactly(0, 10, 20, 1, 11, 21);
        assertThat(FloatTensors.read(three, 2, 3)).containsExactly(20, 1, 11);
    }
}
