package jmergekit.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class SmallSpaceTest {
    private static final BinaryOperator<double[]> LARGEST =
            (x, y) ->
                    IntStream.range(0, x.length)
                            .mapToDouble(i -> Math.abs(x[i]) >= Math.abs(y[i]) ? x[i] : y[i])
                            .toArray();

    // B_1 = (2, 0)ᵀ, A_1 = (3, 0, 0), B_2 = (0, 1)ᵀ, A_2 = (0, 0, 1): the bases are unit vectors.
    private static final FactorPair FIRST = pair(1, 1, 2, 0).a(3, 0, 0);
    private static final FactorPair SECOND = pair(1, 1, 0, 1).a(0, 0, 1);

    @Test
    void aCoreIsTheChangeBetweenTheBases() {
        SmallSpace space = Space.CORE.of(List.of(FIRST, SECOND), 2, 3);

        assertThat(space.rows()).isEqualTo(2);
        assertThat(space.columns()).isEqualTo(2);
        assertMagnitudes(space.matrix(0), 6, 0, 0, 0);
        assertMagnitudes(space.matrix(1), 0, 0, 0, 1);
    }

    @Test
    void knotsGivesTheRightSingularVectors() {
        // Side by side: (6 0 0 0 0 0; 0 0 0 0 0 1), so S = (6, 1).
        SmallSpace space = Space.KNOTS.of(List.of(FIRST, SECOND), 2, 3);

        assertThat(space.rows()).isEqualTo(2);
        assertThat(space.columns()).isEqualTo(3);
        assertMagnitudes(space.matrix(0), 1, 0, 0, 0, 0, 0);
        assertMagnitudes(space.matrix(1), 0, 0, 0, 0, 0, 1);
    }

    @ParameterizedTest
    @EnumSource
    void aTruncationKeepsTheLargestSingularValue(Space kind) {
        SmallSpace space = kind.of(List.of(FIRST, SECOND), 2, 3);

        TruncatedProduct product = space.product(sum(space, 2), 1);

        assertClose(dense(product, 2, 3, 1), new double[][] {{6, 0, 0}, {0, 0, 0}}, 1e-6);
        assertThat(product.norm()).isCloseTo(Math.sqrt(37), within(1e-6));
        assertThat(product.error()).isCloseTo(1, within(1e-6));
    }

    @ParameterizedTest
    @EnumSource
    void anyRankAboveTheMatrixsIsFilledWithZeros(Space kind) {
        SmallSpace space = kind.of(List.of(FIRST), 2, 3);

        TruncatedProduct product = space.product(space.matrix(0), 2);

        assertThat(product.b()).hasSize(4);
        assertThat(product.a()).hasSize(6);
        assertThat(product.a()).endsWith(0, 0, 0);
        assertThat(product.error()).isZero();
        assertClose(dense(product, 2, 3, 2), new double[][] {{6, 0, 0}, {0, 0, 0}}, 1e-6);
    }

    @ParameterizedTest
    @EnumSource
    void zerosGiveZeros(Space kind) {
        FactorPair zero = pair(2, 1, 0, 0, 0, 0).a(1, 2, 3, 4, 5, 6);

        SmallSpace none = kind.of(List.of(zero, zero), 2, 3);
        SmallSpace one = kind.of(List.of(zero, FIRST), 2, 3);

        assertThat(none.rows() * none.columns()).isZero();
        assertThat(none.product(new float[0], 2).a()).containsOnly(0);
        assertThat(none.product(new float[0], 2).norm()).isZero();
        assertThat(one.matrix(0)).containsOnly(0);
        assertThat(one.rows()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void sharedDirectionsAppearOnce(Space kind) {
        FactorPair change = random(3, 40, 30, 1, 1);
        FactorPair multiple = new FactorPair(change.a(), change.b(), 3, -0.25);
        FactorPair other = random(2, 40, 30, 1, 2);

        SmallSpace space = kind.of(List.of(change, multiple, other), 40, 30);

        assertThat(space.rows()).isEqualTo(5);
        assertLossless(space, List.of(change, multiple, other), 40, 30);
    }

    @ParameterizedTest
    @EnumSource
    void changesOfDifferentSizesAreKept(Space kind) {
        List<FactorPair> changes =
                List.of(
                        random(4, 25, 50, 1e-4, 1),
                        random(1, 25, 50, 1, 2),
                        random(8, 25, 50, 300, 3));

        assertLossless(kind.of(changes, 25, 50), changes, 25, 50);
    }

    @ParameterizedTest
    @EnumSource
    void moreRanksThanRowsAreNoProblem(Space kind) {
        List<FactorPair> changes = List.of(random(4, 5, 9, 1, 1), random(4, 5, 9, 1, 2));

        SmallSpace space = kind.of(changes, 5, 9);

        assertThat(space.rows()).isEqualTo(5);
        assertLossless(space, changes, 5, 9);
    }

    @ParameterizedTest
    @CsvSource({"CORE, 1", "CORE, 2", "CORE, 3", "KNOTS, 1", "KNOTS, 2", "KNOTS, 3"})
    void theResultIsThatOfTheReference(Space kind, int seed) {
        List<FactorPair> changes =
                List.of(
                        random(3, 20, 30, 0.5, seed),
                        random(2, 20, 30, 2, seed + 10),
                        random(1, 20, 30, 1, seed + 20));
        SmallSpace space = kind.of(changes, 20, 30);
        double[] largest =
                IntStream.range(0, 3)
                        .mapToObj(i -> widened(space.matrix(i)))
                        .reduce(LARGEST)
                        .orElseThrow();
        float[] merged = new float[largest.length];
        for (int i = 0; i < merged.length; i++) {
            merged[i] = (float) largest[i];
        }

        TruncatedProduct full = space.product(merged, 6);
        TruncatedProduct cut = space.product(merged, 2);

        double[][] expected = reference(kind, changes);
        assertClose(dense(full, 20, 30, 6), expected, 1e-5 * norm(expected));
        double[] values = DenseReference.triplets(expected).values();
        double rest = Math.sqrt(Arrays.stream(values).skip(2).map(v -> v * v).sum());
        assertThat(cut.error()).isCloseTo(rest, within(1e-5 * norm(expected)));
        assertThat(cut.norm()).isCloseTo(norm(expected), within(1e-5 * norm(expected)));
        assertThat(norm(minus(expected, dense(cut, 20, 30, 2))))
                .isCloseTo(rest, within(1e-5 * norm(expected)));
    }

    private static double[][] reference(Space kind, List<FactorPair> changes) {
        List<double[][]> b = new ArrayList<>();
        List<double[][]> a = new ArrayList<>();
        for (FactorPair change : changes) {
            b.add(rows(change.b(), change.rank(), change.scale()));
            a.add(rows(change.a(), change.a().length / change.rank(), 1));
        }
        return kind == Space.CORE
                ? DenseReference.core(b, a, SmallSpaceTest::largest)
                : DenseReference.knots(b, a, SmallSpaceTest::largest);
    }

    private static List<double[][]> largest(List<double[][]> matrices) {
        double[][] largest = new double[matrices.getFirst().length][];
        for (int row = 0; row < largest.length; row++) {
            int at = row;
            largest[row] = matrices.stream().map(m -> m[at]).reduce(LARGEST).orElseThrow();
        }
        return Collections.singletonList(largest);
    }

    private static void assertLossless(
            SmallSpace space, List<FactorPair> changes, int rows, int columns) {
        int rank = Math.min(rows, columns);
        for (int i = 0; i < changes.size(); i++) {
            double[][] expected = dense(changes.get(i), rows, columns);
            TruncatedProduct product = space.product(space.matrix(i), rank);

            assertClose(dense(product, rows, columns, rank), expected, 1e-5 * norm(expected));
        }
    }

    /// A pair that still lacks its A.
    private record Half(int rank, double scale, float[] b) {
        FactorPair a(float... values) {
            return new FactorPair(values, b, rank, scale);
        }
    }

    private static Half pair(int rank, double scale, float... b) {
        return new Half(rank, scale, b);
    }

    private static FactorPair random(int rank, int rows, int columns, double scale, int seed) {
        Random random = new Random(seed);
        float[] a = new float[rank * columns];
        float[] b = new float[rows * rank];
        for (float[] values : List.of(a, b)) {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
        }
        return new FactorPair(a, b, rank, scale);
    }

    private static float[] sum(SmallSpace space, int changes) {
        float[] sum = new float[space.rows() * space.columns()];
        for (int c = 0; c < changes; c++) {
            float[] matrix = space.matrix(c);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += matrix[i];
            }
        }
        return sum;
    }

    private static double[] widened(float[] values) {
        return rows(values, values.length, 1)[0];
    }

    private static double[][] rows(float[] values, int columns, double scale) {
        double[][] rows = new double[values.length / columns][columns];
        for (int i = 0; i < values.length; i++) {
            rows[i / columns][i % columns] = scale * values[i];
        }
        return rows;
    }

    private static double[][] dense(FactorPair change, int rows, int columns) {
        double[][] b = rows(change.b(), change.rank(), change.scale());
        assertThat(b).hasNumberOfRows(rows);
        return DenseReference.product(b, rows(change.a(), columns, 1));
    }

    private static double[][] dense(TruncatedProduct product, int rows, int columns, int rank) {
        return dense(new FactorPair(product.a(), product.b(), rank, 1), rows, columns);
    }

    private static double[][] minus(double[][] x, double[][] y) {
        double[][] difference = new double[x.length][x[0].length];
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < x[i].length; j++) {
                difference[i][j] = x[i][j] - y[i][j];
            }
        }
        return difference;
    }

    private static double norm(double[][] x) {
        return Math.sqrt(Arrays.stream(x).flatMapToDouble(Arrays::stream).map(v -> v * v).sum());
    }

    private static void assertClose(double[][] actual, double[][] expected, double tolerance) {
        assertThat(norm(minus(actual, expected))).isLessThanOrEqualTo(tolerance);
    }

    private static void assertMagnitudes(float[] actual, double... expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) Math.abs(actual[i])).isCloseTo(expected[i], within(1e-6));
        }
    }
}
