package jmergekit.source;

import static jmergekit.source.FloatTensors.all;
import static jmergekit.source.FloatTensors.read;
import static jmergekit.source.FloatTensors.stored;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jmergekit.primitive.SourceTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tensors put together from others, by hand.
final class JoinedTensorsTest {
    @Test
    void rowsLieOnTopOfEachOther() {
        StackedRows stacked = new StackedRows(List.of(stored(1, 2, 3, 4), stored(5, 6)));

        assertThat(stacked.elements()).isEqualTo(6);
        assertThat(read(stacked, 0, 6)).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void columnsLieBesideEachOtherTimesTheirFactors() {
        JoinedColumns joined =
                new JoinedColumns(
                        List.of(
                                new JoinedColumns.Part(stored(1, 2, 3, 4), 2, 1),
                                new JoinedColumns.Part(stored(5, 6), 1, 10)));

        assertThat(joined.elements()).isEqualTo(6);
        assertThat(read(joined, 0, 6)).containsExactly(1, 2, 50, 3, 4, 60);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 4096})
    void anyRunOfElementsIsThatOfTheWhole(int tile) {
        SourceTensor first = counting(4 * 11, 0);
        SourceTensor second = counting(3 * 11, 1000);
        SourceTensor stacked = new StackedRows(List.of(first, second));
        SourceTensor joined =
                new JoinedColumns(
                        List.of(
                                new JoinedColumns.Part(first, 4, 1),
                                new JoinedColumns.Part(second, 3, 2)));

        for (SourceTensor tensor : List.of(stacked, joined)) {
            assertThat(all(tensor, tile)).isEqualTo(read(tensor, 0, 77));
        }
        assertThat(read(joined, 7 * 5 + 4, 1)).containsExactly(2 * (1000 + 3 * 5));
    }

    private static SourceTensor counting(int n, int first) {
        float[] data = new float[n];
        for (int i = 0; i < n; i++) {
            data[i] = first + i;
        }
        return stored(data);
    }
}
