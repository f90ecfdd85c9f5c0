package jmergekit.transplant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import jmergekit.linalg.RowProducts;
import jmergekit.source.ArrayTensor;
import jmergekit.tensor.DType;
import jmergekit.threads.Workers;
import jmergekit.tile.TileOps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class PursuitSolverTest {
    private static final int ATOMS = 50;
    private static final int COLUMNS = 40;

    private final TileOps ops = TileOps.best();

    private static float[] random(int rows) {
        Random random = new Random(6);
        float[] values = new float[rows * COLUMNS];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static Rows rows(float[] values) {
        return new Rows(new ArrayTensor(values), COLUMNS);
    }

    private StoredGram gram(Rows rows, RowProducts products, DType dtype) {
        try (Workers workers = new Workers(2)) {
            return new StoredGram(rows::read, products, dtype, workers, ops);
        }
    }

    private static RowProducts products(Rows rows) {
        return new RowProducts(rows.at(IntStream.range(0, ATOMS).toArray()), 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "BF16"},
            mode = Mode.INCLUDE)
    void coefficientsAreExactHoweverTheGramMatrixIsRounded(DType dtype) {
        // The last row is a sum of three atoms.
        float[] values = random(ATOMS + 1);
        for (int j = 0; j < COLUMNS; j++) {
            values[ATOMS * COLUMNS + j] =
                    2 * values[3 * COLUMNS + j]
                            - 3 * values[7 * COLUMNS + j]
                            + 4 * values[31 * COLUMNS + j];
        }
        Rows donor = rows(values);
        int[] ids = IntStream.range(0, ATOMS).toArray();
        int[] modelIds = IntStream.range(100, 100 + ATOMS).toArray();
        RowProducts products = products(donor);
        double[] found = new double[100 + ATOMS];
        StoredGram gram = gram(donor, products, dtype);
        try (PursuitSolver solver =
                new PursuitSolver(
                        donor,
                        new Atoms(ids, modelIds),
                        _ -> {},
                        products,
                        gram,
                        new Pursuit(gram, ATOMS, true, 6, 0x1p-12, ops),
                        8)) {
            solver.solve(
                    TokenBatch.of(new int[] {ATOMS}),
                    (_, taken, weights, count) -> {
                        for (int i = 0; i < count; i++) {
                            found[taken[i]] = weights[i];
                        }
                    });
        }

        for (int id = 0; id < found.length; id++) {
            double wanted = id == 103 ? 2 : id == 107 ? -3 : id == 131 ? 4 : 0;
            assertThat(found[id]).as("atom %d", id).isCloseTo(wanted, within(1e-4));
        }
    }

    /// Rows of rank 8 with noise of a thousandth of their length, more steps than the rank.
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "BF16"},
            mode = Mode.INCLUDE)
    void rowsOfLowRankGetTheCoefficientsOfLeastSquares(DType dtype) {
        float[] values = lowRank(ATOMS + 20, 8, 1e-3);
        Rows donor = rows(values);
        int[] ids = IntStream.range(0, ATOMS).toArray();
        RowProducts products = products(donor);
        StoredGram gram = gram(donor, products, dtype);
        try (PursuitSolver solver =
                new PursuitSolver(
                        donor,
                        new Atoms(ids, ids),
                        _ -> {},
                        products,
                        gram,
                        new Pursuit(gram, ATOMS, true, 30, 0x1p-12, ops),
                        32)) {
            solver.solve(
                    TokenBatch.of(IntStream.range(ATOMS, ATOMS + 20).toArray()),
                    (place, taken, weights, count) -> {
                        assertThat(count).isGreaterThanOrEqualTo(8);
                        // What is left is at right angles to every atom, which only the
                        // solution of least squares has.
                        double[] left = new double[COLUMNS];
                        for (int j = 0; j < COLUMNS; j++) {
                            left[j] = values[(ATOMS + place) * COLUMNS + j];
                            for (int i = 0; i < count; i++) {
                                left[j] -= weights[i] * values[taken[i] * COLUMNS + j];
                            }
                        }
                        double length = Math.sqrt(inner(values, ATOMS + place, ATOMS + place));
                        for (int i = 0; i < count; i++) {
                            double product = 0;
                            for (int j = 0; j < COLUMNS; j++) {
                                product += left[j] * values[taken[i] * COLUMNS + j];
                            }
                            double own = Math.sqrt(inner(values, taken[i], taken[i]));
                            assertThat(product / own / length).isCloseTo(0, within(1e-9));
                            assertThat(Math.abs(weights[i])).isLessThan(10);
                        }
                    });
        }
    }

    private static float[] lowRank(int rows, int rank, double noise) {
        Random random = new Random(8);
        double[][] directions = new double[rank][COLUMNS];
        for (double[] direction : directions) {
            Arrays.setAll(direction, _ -> random.nextGaussian());
        }
        float[] values = new float[rows * COLUMNS];
        for (int i = 0; i < rows; i++) {
            double[] row = new double[COLUMNS];
            Arrays.setAll(row, _ -> noise * random.nextGaussian());
            for (double[] direction : directions) {
                double share = random.nextGaussian();
                for (int j = 0; j < COLUMNS; j++) {
                    row[j] += share * direction[j];
                }
            }
            for (int j = 0; j < COLUMNS; j++) {
                values[i * COLUMNS + j] = (float) row[j];
            }
        }
        return values;
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "BF16"},
            mode = Mode.INCLUDE)
    void theGramMatrixHasTheProductsOfAllPairs(DType dtype) {
        float[] values = random(ATOMS);
        Rows donor = rows(values);
        double within = dtype == DType.F32 ? 1e-4 : 0.3;
        try (RowProducts products = products(donor);
                StoredGram gram = gram(donor, products, dtype)) {
            float[] some = new float[2];
            gram.gather(4, new int[] {9, 49}, 2, some);
            assertThat((double) some[0]).isCloseTo(inner(values, 4, 9), within(within));
            assertThat((double) some[1]).isCloseTo(inner(values, 4, 49), within(within));
            assertThat((double) gram.square(4)).isCloseTo(inner(values, 4, 4), within(1e-4));

            float[] left = new float[ATOMS + 1];
            gram.subtract(left, 1, new int[] {4, 9}, new double[] {2, -1}, 2);
            assertThat((double) left[1 + 20])
                    .isCloseTo(inner(values, 9, 20) - 2 * inner(values, 4, 20), within(3 * within));
        }
    }

    @Test
    void largeSetsAreRounded() {
        assertThat(StoredGram.dtype(16384)).isEqualTo(DType.F32);
        assertThat(StoredGram.dtype(16385)).isEqualTo(DType.BF16);
    }

    private static double inner(float[] values, int a, int b) {
        double sum = 0;
        for (int j = 0; j < COLUMNS; j++) {
            sum += (double) values[a * COLUMNS + j] * values[b * COLUMNS + j];
        }
        return sum;
    }
}
