package jmergekit.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class LowRankTest {
    private static final long KEEP = 1L << 30;

    /// What float32 arithmetic adds to an error, in multiples of the matrix's norm.
    private static final double ROUNDING = 1e-6;

    private record Spectrum(String name, IntToDoubleFunction value) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Spectrum> SPECTRA =
            List.of(
                    new Spectrum("flat", k -> 1),
                    new Spectrum("falling in a straight line", k -> 1 - k / 210.0),
                    new Spectrum("1/k", k -> 1.0 / (k + 1)),
                    new Spectrum("1/sqrt(k)", k -> 1 / Math.sqrt(k + 1.0)),
                    new Spectrum("0.9^k", k -> Math.pow(0.9, k)),
                    new Spectrum("0.7^k", k -> Math.pow(0.7, k)),
                    new Spectrum("a step within the rank", k -> k < 4 ? 1 : 0.01),
                    new Spectrum("a step at the rank", k -> k < 8 ? 1 : 0.9),
                    new Spectrum("a small step at the rank", k -> k < 8 ? 1 : 0.95),
                    new Spectrum(
                            "a small step under a large one",
                            k -> k < 2 ? 1 : k < 8 ? 0.01 : 0.0095),
                    new Spectrum("a step beyond the rank", k -> k < 60 ? 1 : 0.1));

    private static LowRank factorise(ArrayMatrix matrix, int rank) {
        return factorise(matrix, new RankRule(rank, 1, 0), Scale.BOTH);
    }

    private static LowRank factorise(ArrayMatrix matrix, RankRule rule, Scale scale) {
        return LowRank.of(matrix, rule, scale, 0, "w", KEEP);
    }

    @ParameterizedTest
    @FieldSource("SPECTRA")
    void errorIsWithinAThousandthOfTheBest(Spectrum spectrum) {
        double[] values = IntStream.range(0, 200).mapToDouble(spectrum.value()).toArray();
        double best = Math.sqrt(Arrays.stream(values).skip(8).map(v -> v * v).sum());
        ArrayMatrix tall = ArrayMatrix.withValues(300, 200, values);
        ArrayMatrix wide = ArrayMatrix.withValues(200, 260, values);

        for (ArrayMatrix matrix : List.of(tall, wide)) {
            try (LowRank factors = factorise(matrix, 8)) {
                assertThat(factors.converged()).isTrue();
                assertThat(factors.rank()).isEqualTo(8);
                assertThat(matrix.distance(factors))
                        .isLessThanOrEqualTo(1.001 * best + ROUNDING * matrix.norm());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"120, 160, 1", "120, 160, 8", "160, 120, 30", "100, 100, 8", "130, 400, 4"})
    void errorOfRandomMatricesIsWithinAThousandthOfTheBest(int rows, int columns, int rank) {
        ArrayMatrix matrix = ArrayMatrix.random(rows, columns, 1);

        try (LowRank factors = factorise(matrix, rank)) {
            assertThat(factors.rank()).isEqualTo(rank);
            assertThat(matrix.distance(factors)).isLessThanOrEqualTo(1.001 * matrix.best(rank));
        }
    }

    @ParameterizedTest
    @CsvSource({"300, 200", "20, 500", "500, 20", "1, 7", "7, 1"})
    void matrixOfAnExactRankIsReproduced(int rows, int columns) {
        int rank = Math.min(3, Math.min(rows, columns));
        ArrayMatrix matrix =
                ArrayMatrix.withValues(rows, columns, Arrays.copyOf(new double[] {3, 2, 1}, rank));

        try (LowRank factors = factorise(matrix, 32)) {
            assertThat(factors.rank()).isEqualTo(rank);
            assertThat(matrix.distance(factors)).isLessThan(ROUNDING * matrix.norm());
        }
    }

    @Test
    void zeroMatrixHasRankZero() {
        try (LowRank factors = factorise(ArrayMatrix.of(90, 80, new float[7200]), 4)) {
            assertThat(factors.rank()).isZero();
            assertThat(factors.error()).isZero();
        }
    }

    @Test
    void singularValuesUpToTheThresholdAreLeftOut() {
        ArrayMatrix matrix = ArrayMatrix.withValues(100, 90, 3, 2, 1, 0.5, 0.25);

        try (LowRank some = factorise(matrix, new RankRule(32, 1, 0.75), Scale.BOTH);
                LowRank none = factorise(matrix, new RankRule(32, 1, 4), Scale.BOTH)) {
            assertThat(some.rank()).isEqualTo(3);
            assertThat(none.rank()).isZero();
            assertThat(none.error()).isEqualTo(none.norm());
        }
    }

    @ParameterizedTest
    @CsvSource({"0.5, 1", "0.9, 2", "0.99, 3", "0.997, 4", "0.9999999, 32"})
    void rankFollowsTheEnergy(double energy, int rank) {
        // Squares 100, 64, 9, 1 and 40 times 0.01: 174.4 in all.
        double[] values = new double[44];
        Arrays.fill(values, 0.1);
        System.arraycopy(new double[] {10, 8, 3, 1}, 0, values, 0, 4);
        ArrayMatrix matrix = ArrayMatrix.withValues(150, 140, values);

        try (LowRank factors = factorise(matrix, new RankRule(32, energy, 0), Scale.BOTH)) {
            assertThat(factors.rank()).isEqualTo(rank);
        }
    }

    @Test
    void energyMayNeedMoreThanTheFirstGuess() {
        double[] values = new double[120];
        Arrays.fill(values, 1);
        ArrayMatrix matrix = ArrayMatrix.withValues(500, 400, values);

        try (LowRank factors = factorise(matrix, new RankRule(400, 0.75, 0), Scale.BOTH)) {
            assertThat(factors.rank()).isEqualTo(90);
        }
    }

    @Test
    void scaleGoesWhereItIsWanted() {
        ArrayMatrix matrix = ArrayMatrix.withValues(100, 90, 4, 9);

        try (LowRank both = factorise(matrix, new RankRule(2, 1, 0), Scale.BOTH);
                LowRank left = factorise(matrix, new RankRule(2, 1, 0), Scale.LEFT);
                LowRank right = factorise(matrix, new RankRule(2, 1, 0), Scale.RIGHT)) {
            assertThat(rowLengths(both.right(), 2))
                    .containsExactly(new double[] {3, 2}, within(1e-5));
            assertThat(rowLengths(left.right(), 2))
                    .containsExactly(new double[] {1, 1}, within(1e-5));
            assertThat(rowLengths(right.right(), 2))
                    .containsExactly(new double[] {9, 4}, within(1e-5));
            assertThat(matrix.distance(left)).isLessThan(ROUNDING * matrix.norm());
            assertThat(matrix.distance(right)).isLessThan(ROUNDING * matrix.norm());
        }
    }

    private static double[] rowLengths(MemorySegment matrix, int rows) {
        float[] values = matrix.toArray(ValueLayout.JAVA_FLOAT);
        int columns = values.length / rows;
        double[] lengths = new double[rows];
        for (int i = 0; i < values.length; i++) {
            lengths[i / columns] += (double) values[i] * values[i];
        }
        return Arrays.stream(lengths).map(Math::sqrt).toArray();
    }

    @Test
    void errorIsThatOfTheFactorsAsTheyAre() {
        ArrayMatrix matrix = ArrayMatrix.random(150, 130, 2);

        try (LowRank factors = factorise(matrix, 8)) {
            assertThat(factors.norm()).isCloseTo(matrix.norm(), within(1e-9 * matrix.norm()));
            assertThat(factors.error())
                    .isCloseTo(matrix.distance(factors), within(1e-5 * matrix.norm()));

            factors.left().fill((byte) 0);

            assertThat(factors.error()).isCloseTo(matrix.norm(), within(1e-5 * matrix.norm()));
        }
    }

    @Test
    void matrixThatIsReadAgainForEachProductGivesTheSameFactors() {
        ArrayMatrix matrix = ArrayMatrix.random(700, 100, 3);
        RankRule rule = new RankRule(8, 1, 0);

        try (LowRank held = factorise(matrix, rule, Scale.BOTH)) {
            int readOnce = matrix.reads()[0];
            try (LowRank streamed = LowRank.of(matrix, rule, Scale.BOTH, 0, "w", 100_000)) {
                assertThat(readOnce).isOne();
                assertThat(matrix.reads()[0]).isGreaterThan(30);
                assertThat(streamed.error()).isCloseTo(held.error(), within(1e-4 * held.norm()));
                assertThat(matrix.distance(streamed)).isLessThanOrEqualTo(1.001 * held.error());
            }
        }
    }

    @Test
    void sameSeedGivesTheSameBits() {
        ArrayMatrix matrix = ArrayMatrix.random(200, 150, 4);

        try (LowRank once = factorise(matrix, 8);
                LowRank again = factorise(matrix, 8);
                LowRank other =
                        LowRank.of(matrix, new RankRule(8, 1, 0), Scale.BOTH, 1, "w", KEEP)) {
            assertThat(again.left().mismatch(once.left())).isEqualTo(-1);
            assertThat(again.right().mismatch(once.right())).isEqualTo(-1);
            assertThat(other.left().mismatch(once.left())).isNotEqualTo(-1);
        }
    }
}
