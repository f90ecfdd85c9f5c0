package jmergekit.source;

import static jmergekit.source.FloatTensors.all;
import static jmergekit.source.FloatTensors.leading;
import static jmergekit.source.FloatTensors.read;
import static jmergekit.source.FloatTensors.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import jmergekit.primitive.SourceTensor;
import jmergekit.source.LowRankUpdate.Factors;
import jmergekit.tile.TileOps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LowRankUpdateTest {
    private static final double SCALE = 0.75;

    @Test
    void theScaledProductIsAdded() {
        float[] w = {1, 2, 3, 4, 5, 6};
        float[] p = {1, 10};
        float[] q = {1, 0, -1};
        LowRankUpdate update = update(w, 3, p, q, 1, false, 2);

        // Row 0 gets 2 * 1 * q, row 1 gets 2 * 10 * q.
        assertThat(read(update, 0, 6)).containsExactly(3, 2, 1, 24, 5, -14);
        assertThat(update.bytes()).isEmpty();
    }

    @Test
    void factorsOfATransposedProductAreStoredTransposed() {
        float[] p = {1, 2, 3, 4};
        float[] pTransposed = {1, 3, 2, 4};
        float[] q = {5, 6, 7, 8, 9, 10};
        float[] qTransposed = {5, 8, 6, 9, 7, 10};
        float[] w = new float[6];

        LowRankUpdate straight = update(w, 3, p, q, 2, false, 1);
        LowRankUpdate transposed = update(w, 3, pTransposed, qTransposed, 2, true, 1);

        assertThat(read(straight, 0, 6)).containsExactly(21, 24, 27, 47, 54, 61);
        assertThat(read(transposed, 0, 6)).containsExactly(21, 24, 27, 47, 54, 61);
    }

    /// Columns around the panel and the tile; the last two have more than 4,194,304 elements of `Q`.
    @ParameterizedTest
    @CsvSource({
        "3, 1, 2",
        "500, 7, 3",
        "40, 1023, 5",
        "40, 1024, 5",
        "9, 1025, 4",
        "3, 4097, 16",
        "2, 10007, 3",
        "1, 4100, 1024",
        "1, 4200001, 1"
    })
    void equalsTheProductInDouble(int rows, int columns, int rank) {
        Random random = new Random(rows + columns);
        float[] w = numbers(random, rows * columns);
        float[] p = numbers(random, rows * rank);
        float[] q = numbers(random, rank * columns);
        float[] whole = all(update(w, columns, p, q, rank, false, SCALE), TileOps.TILE);

        for (int i = 0; i < w.length; i += 1 + i / 50) {
            double sum = 0;
            double size = Math.abs(w[i]);
            for (int k = 0; k < rank; k++) {
                double term = (double) p[i / columns * rank + k] * q[k * columns + i % columns];
                sum += term;
                size += Math.abs(term);
            }
            assertThat((double) whole[i]).isCloseTo(w[i] + SCALE * sum, within(size * rank * 1e-7));
        }
        if (rank < 100) {
            assertThat(all(update(w, columns, p, q, rank, false, SCALE), 777)).isEqualTo(whole);
        }
        float[] pTransposed = transposed(p, rows, rank);
        float[] qTransposed = transposed(q, rank, columns);
        assertThat(all(update(w, columns, pTransposed, qTransposed, rank, true, SCALE), 4096))
                .isEqualTo(whole);
    }

    @Test
    void aPartOfTheRowsHasThatManyElements() {
        SourceTensor w = leading(4, new float[8]);
        Factors factors = new Factors(stored(1, 2), stored(new float[4]), 1, false, 1);

        assertThat(new LowRankUpdate(w, 4, factors, TileOps.best()).elements()).isEqualTo(4);
    }

    @Test
    void aScaledSumAddsElementByElement() {
        SourceTensor sum = new ScaledSum(stored(1, 2, 3), stored(10, 20, 30), 0.5, TileOps.best());

        assertThat(read(sum, 1, 2)).containsExactly(12, 18);
    }

    private static LowRankUpdate update(
            float[] w,
            int columns,
            float[] p,
            float[] q,
            int rank,
            boolean transposed,
            double scale) {
        Factors factors = new Factors(stored(p), stored(q), rank, transposed, scale);
        return new LowRankUpdate(stored(w), columns, factors, TileOps.best());
    }

    private static float[] numbers(Random random, int n) {
        float[] data = new float[n];
        for (int i = 0; i < n; i++) {
            data[i] = 2 * random.nextFloat() - 1;
        }
        return data;
    }

    private static float[] transposed(float[] x, int rows, int columns) {
        float[] transposed = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            transposed[i] = x[i % rows * columns + i / rows];
        }
        return transposed;
    }
}
