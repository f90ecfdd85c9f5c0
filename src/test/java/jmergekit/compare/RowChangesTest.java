package jmergekit.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import jmergekit.compare.TokenRows.Row;
import jmergekit.fixture.SerialChunks;
import jmergekit.source.ArrayTensor;
import jmergekit.tile.TileOps;
import org.junit.jupiter.api.Test;

class RowChangesTest {
    private static TokenRows rows(float[] base, float[] tuned, int rows) {
        return new RowChanges(rows, id -> Optional.of("t" + id), TileOps.best())
                .of(new ArrayTensor(base), new ArrayTensor(tuned), new SerialChunks());
    }

    @Test
    void changedRowsAreListedByTheSizeOfTheirChange() {
        float[] base = {3, 4, 1, 0, 0, 2, 5, 5};
        float[] tuned = {3, 3, 1, 0, 0, 4, 5, 5};

        TokenRows changed = rows(base, tuned, 4);

        assertThat(changed.rows()).isEqualTo(4);
        assertThat(changed.changed()).isEqualTo(2);
        assertThat(changed.most())
                .containsExactly(
                        new Row(2, Optional.of("t2"), 1), new Row(0, Optional.of("t0"), 0.2));
    }

    @Test
    void aRowThatWasZeroChangedInfinitely() {
        TokenRows changed = rows(new float[] {0, 0, 1, 1}, new float[] {0, 1, 1, 1}, 2);

        assertThat(changed.most())
                .containsExactly(new Row(0, Optional.of("t0"), Double.POSITIVE_INFINITY));
    }

    @Test
    void theLargestOfManyRowsAreListed() {
        int rows = 3000;
        int columns = 5000;
        float[] base = new float[rows * columns];
        float[] tuned = new float[rows * columns];
        for (int row = 0; row < rows; row++) {
            base[row * columns] = 1;
            tuned[row * columns] = 1;
            // Beyond the first tile of the row.
            tuned[row * columns + 4999] = row % 1000 == 7 ? 1 + row : row % 2;
        }

        TokenRows changed = rows(base, tuned, rows);

        assertThat(changed.changed()).isEqualTo(rows / 2);
        assertThat(changed.most()).hasSize(RowChanges.LISTED);
        assertThat(changed.most().stream().limit(4).map(Row::row))
                .containsExactly(2007L, 1007L, 7L, 1L);
    }
}
