package jmergekit.linalg;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import jmergekit.fixture.Matrix;

/// A matrix in an array, for tests.
///
/// @param reads how often rows were read, one counter
record ArrayMatrix(long rows, long columns, float[] data, int[] reads) implements RowSource {
    static ArrayMatrix of(int rows, int columns, float[] data) {
        return new ArrayMatrix(rows, columns, data, new int[1]);
    }

    /// A matrix with these singular values and the vectors of two cosine transforms.
    static ArrayMatrix withValues(int rows, int columns, double... values) {
        float[] data = new float[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                double sum = 0;
                for (int k = 0; k < values.length; k++) {
                    sum += values[k] * cosine(rows, k, i) * cosine(columns, k, j);
                }
                data[i * columns + j] = (float) sum;
            }
        }
        return of(rows, columns, data);
    }

    /// Element `i` of orthonormal vector `k` of `n` elements.
    private static double cosine(int n, int k, int i) {
        double scale = Math.sqrt((k == 0 ? 1.0 : 2.0) / n);
        return scale * Math.cos(Math.PI * (i + 0.5) * k / n);
    }

    static ArrayMatrix random(int rows, int columns, long seed) {
        Random random = new Random(seed);
        float[] data = new float[rows * columns];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) random.nextGaussian();
        }
        return of(rows, columns, data);
    }

    @Override
    public double read(long first, long count, MemorySegment into) {
        reads[0]++;
        double sum = 0;
        for (long i = 0; i < count * columns; i++) {
            float value = data[(int) (first * columns + i)];
            into.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
            sum += (double) value * value;
        }
        return sum;
    }

    @Override
    public double noise() {
        return 1e-6 * norm();
    }

    double norm() {
        double sum = 0;
        for (float value : data) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    /// The norm of this matrix less the product of two factors, in float64.
    double distance(LowRank factors) {
        int rank = factors.rank();
        MemorySegment left = factors.left();
        MemorySegment right = factors.right();
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                double value = data[(int) (i * columns + j)];
                for (int k = 0; k < rank; k++) {
                    value -=
                            (double) left.getAtIndex(ValueLayout.JAVA_FLOAT, (long) i * rank + k)
                                    * right.getAtIndex(ValueLayout.JAVA_FLOAT, k * columns + j);
                }
                sum += value * value;
            }
        }
        return Math.sqrt(sum);
    }

    /// The smallest possible distance of a matrix of a rank.
    double best(int rank) {
        Matrix matrix = Matrix.zeros((int) rows, (int) columns);
        for (int i = 0; i < data.length; i++) {
            matrix.values()[(int) (i / columns)][(int) (i % columns)] = data[i];
        }
        return matrix.distanceOfBest(rank);
    }
}
