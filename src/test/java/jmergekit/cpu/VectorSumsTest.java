package jmergekit.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import jmergekit.fixture.ArrayPrimitives;
import jmergekit.primitive.Combination.VectorSums;
import jmergekit.primitive.Combination.Vectors;
import jmergekit.primitive.Primitives;
import jmergekit.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Weighted sums whose coefficients tell which dot products a vector's rule was shown: each source
/// is multiplied by its own square sum, plus its products with the others.
class VectorSumsTest {
    private static final Random RANDOM = new Random(5);

    @Test
    void rowsAreVectorsAlongTheLastDimension() {
        float[] x = {1, 2, 3, 4};

        assertThat(merge(Shape.of(2, 2), Vectors.ALONG_LAST, false, Primitives.NO_BASE, x))
                .containsExactly(5, 10, 75, 100);
    }

    @Test
    void columnsAreVectorsAlongTheFirstDimension() {
        float[] x = {1, 2, 3, 4};

        assertThat(merge(Shape.of(2, 2), Vectors.ALONG_FIRST, false, Primitives.NO_BASE, x))
                .containsExactly(10, 40, 30, 80);
    }

    @Test
    void vectorOfOneDimensionIsOneVector() {
        float[] x = {1, 2};

        for (Vectors vectors : Vectors.values()) {
            assertThat(merge(Shape.of(2), vectors, false, Primitives.NO_BASE, x))
                    .containsExactly(5, 10);
        }
    }

    @Test
    void differencesAreAddedToTheBase() {
        float[] base = {10, 10, 10, 10};
        float[] x = {11, 12, 13, 14};

        assertThat(merge(Shape.of(2, 2), Vectors.ALONG_LAST, true, 1, x, base))
                .containsExactly(10 + 5, 10 + 10, 10 + 75, 10 + 100);
    }

    @ParameterizedTest
    @CsvSource({
        "3, 5, 7", // rows of less than a tile, of any rank
        "1000, 1, 4", // very short rows
        "2, 1, 5000", // rows of more than a tile
        "900, 1, 4700", // more than a chunk, whose border lies within a row
        "4700, 3, 300"
    })
    void agreesWithPlainLoopsOnAnyShape(int first, int middle, int last) {
        Shape shape = Shape.of(first, middle, last);
        float[] base = random(shape);
        float[][] sources = {random(shape), base, random(shape)};
        for (Vectors vectors : Vectors.values()) {
            float[] merged = merge(shape, vectors, true, 1, sources);

            double[] expected = expected(shape, vectors, sources);
            for (int i = 0; i < merged.length; i += 1 + merged.length / 10_007) {
                double size = Math.max(1, Math.abs(expected[i]));
                assertThat((double) merged[i])
                        .as("%s, element %d", vectors, i)
                        .isCloseTo(expected[i], within(1e-5 * size));
            }
        }
    }

    /// Of two differences from the second of three sources.
    private static double[] expected(Shape shape, Vectors vectors, float[][] sources) {
        int n = (int) shape.elements();
        int first = (int) shape.size(0);
        int last = (int) shape.rowLength();
        double[] result = new double[n];
        int count =
                switch (vectors) {
                    case WHOLE -> 1;
                    case ALONG_LAST -> n / last;
                    case ALONG_FIRST -> n / first;
                };
        double[][] dots = new double[count][3];
        for (int i = 0; i < n; i++) {
            double a = (double) sources[0][i] - sources[1][i];
            double b = (double) sources[2][i] - sources[1][i];
            double[] dot = dots[vector(vectors, i, last, n / first)];
            dot[0] += a * a;
            dot[1] += a * b;
            dot[2] += b * b;
        }
        for (int i = 0; i < n; i++) {
            double a = (double) sources[0][i] - sources[1][i];
            double b = (double) sources[2][i] - sources[1][i];
            double[] dot = dots[vector(vectors, i, last, n / first)];
            double scale = 1.0 / (n / count);
            result[i] =
                    sources[1][i] + scale * (dot[0] + dot[1]) * a + scale * (dot[1] + dot[2]) * b;
        }
        return result;
    }

    private static int vector(Vectors vectors, int i, int last, int columns) {
        return switch (vectors) {
            case WHOLE -> 0;
            case ALONG_LAST -> i / last;
            case ALONG_FIRST -> i % columns;
        };
    }

    // With one source unscaled; with several each sum divided by the length of the vectors.
    private static float[] merge(
            Shape shape, Vectors vectors, boolean differences, int base, float[]... sources) {
        ArrayPrimitives arrays = new ArrayPrimitives(shape, base, sources);
        long length =
                switch (shape.rank() == 1 ? Vectors.WHOLE : vectors) {
                    case WHOLE -> shape.elements();
                    case ALONG_LAST -> shape.rowLength();
                    case ALONG_FIRST -> shape.size(0);
                };
        double scale = sources.length < 3 ? 1 : 1.0 / length;
        arrays.primitives()
                .combine(
                        new VectorSums(
                                vectors,
                                differences,
                                gram -> {
                                    double[] coefficients = new double[gram.length];
                                    for (int i = 0; i < gram.length; i++) {
                                        for (double dot : gram[i]) {
                                            coefficients[i] += scale * dot;
                                        }
                                    }
                                    return coefficients;
                                }));
        return arrays.result();
    }

    private static float[] random(Shape shape) {
        float[] x = new float[(int) shape.elements()];
        for (int i = 0; i < x.length; i++) {
            x[i] = RANDOM.nextInt(2001) / 1000f - 1;
        }
        return x;
    }
}
