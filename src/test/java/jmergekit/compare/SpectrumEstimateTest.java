package jmergekit.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import jmergekit.linalg.SymmetricEigen;
import jmergekit.source.ArrayTensor;
import jmergekit.tile.TileOps;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpectrumEstimateTest {
    private static Optional<Spectrum> spectrum(float[] base, float[] tuned, int rows) {
        return SpectrumEstimate.of(
                new ArrayTensor(base), new ArrayTensor(tuned), rows, TileOps.best());
    }

    private static Spectrum ofChange(float[] change, int rows) {
        return spectrum(new float[change.length], change, rows).orElseThrow();
    }

    /// The sum of products of sines along the columns and rows, which are orthogonal: singular values
    /// are as given, times one factor.
    private static float[] sines(int rows, int columns, double... values) {
        float[] matrix = new float[rows * columns];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                double sum = 0;
                for (int k = 0; k < values.length; k++) {
                    double u = Math.sin(Math.PI * (k + 1) * (r + 0.5) / rows);
                    double v = Math.sin(Math.PI * (k + 1) * (c + 0.5) / columns);
                    sum += values[k] * u * v;
                }
                matrix[r * columns + c] = (float) (0.01 * sum);
            }
        }
        return matrix;
    }

    @Test
    void aMatrixOfFewRowsIsLookedAtAsAWhole() {
        // Singular values 3 and 4: squares 9 and 16 of 25.
        float[] change = {3, 0, 0, 0, 4, 0};

        Spectrum spectrum = ofChange(change, 2);

        assertThat(spectrum.rows()).isEqualTo(2);
        assertThat(spectrum.stableRank()).isEqualTo(25.0 / 16, within(1e-9));
        assertThat(spectrum.energy().get(0)).isEqualTo(16.0 / 25, within(1e-9));
        assertThat(spectrum.energy().get(1)).isEqualTo(1, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({"400, 300", "64, 500", "1000, 5000", "5000, 40"})
    void theSpectrumOfALowRankChangeIsFound(int rows, int columns) {
        Spectrum spectrum = ofChange(sines(rows, columns, 4, 2, 1), rows);

        assertThat(spectrum.stableRank()).isCloseTo(21.0 / 16, Percentage.withPercentage(2));
        assertThat(spectrum.energy().get(0)).isEqualTo(16.0 / 21, within(0.02));
        assertThat(spectrum.energy().get(1)).isEqualTo(20.0 / 21, within(0.02));
        assertThat(spectrum.energy().get(2)).isEqualTo(1, within(1e-4));
        assertThat(spectrum.energy()).isSorted();
    }

    @Test
    void theNoiseOfASmallMatrixIsMeasuredExactly() {
        Random random = new Random(5);
        float[] noise = new float[150 * 40];
        double[] gram = new double[40 * 40];
        double total = 0;
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) random.nextGaussian();
            total += (double) noise[i] * noise[i];
        }
        for (int a = 0; a < 40; a++) {
            for (int b = 0; b < 40; b++) {
                for (int row = 0; row < 150; row++) {
                    gram[a * 40 + b] += (double) noise[row * 40 + a] * noise[row * 40 + b];
                }
            }
        }

        Spectrum spectrum = ofChange(noise, 150);

        double largest = SymmetricEigen.of(gram, 40).values()[0];
        assertThat(spectrum.stableRank())
                .isCloseTo(total / largest, Percentage.withPercentage(1e-6));
    }

    @Test
    void noiseHasNoLeadingDirections() {
        Random random = new Random(2);
        float[] noise = new float[1500 * 1500];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) random.nextGaussian();
        }

        Spectrum spectrum = ofChange(noise, 1500);

        // The largest singular value squared is near 4 * 1500 of 1500 * 1500.
        assertThat(spectrum.stableRank()).isGreaterThan(200);
        assertThat(spectrum.energy().getLast()).isLessThan(0.05);
    }

    @Test
    void aDirectionInNoiseIsFound() {
        Random random = new Random(2);
        float[] matrix = sines(1000, 1000, 10);
        double share = 0;
        for (float x : matrix) {
            share += (double) x * x;
        }
        double deviation = Math.sqrt(share / matrix.length);
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] += (float) (deviation * random.nextGaussian());
        }

        List<Double> energy = ofChange(matrix, 1000).energy();

        assertThat(energy.getFirst()).isEqualTo(0.5, within(0.03));
        assertThat(energy.getLast()).isLessThan(0.58);
    }

    @Test
    void whatDidNotChangeOrIsNotFiniteHasNoSpectrum() {
        float[] base = sines(100, 80, 1);
        assertThat(spectrum(base, base, 100)).isEmpty();
        assertThat(spectrum(base, base, 50)).isEmpty();
        float[] broken = new float[base.length];
        Arrays.fill(broken, Float.NaN);
        assertThat(spectrum(base, broken, 100)).isEmpty();
        assertThat(spectrum(base, broken, 50)).isEmpty();
    }
}
