package jmergekit.moe;

/// Sums of vectors in float64, and their directions.
final class Direction {
    private final double[] sum;

    Direction(int size) {
        sum = new double[size];
    }

    int size() {
        return sum.length;
    }

    void add(float[] vector, double factor) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += factor * vector[i];
        }
    }

    void add(Direction other, double factor) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += factor * other.sum[i];
        }
    }

    /// Normalises it to a unit vector; a zero vector is unchanged.
    Direction normalise() {
        double squares = 0;
        for (double x : sum) {
            squares += x * x;
        }
        if (squares > 0) {
            double factor = 1 / Math.sqrt(squares);
            for (int i = 0; i < sum.length; i++) {
                sum[i] *= factor;
            }
        }
        return this;
    }

    /// Writes it to a row of a gate.
    void writeTo(float[] rows, int row) {
        for (int i = 0; i < sum.length; i++) {
            rows[row * sum.length + i] = (float) sum[i];
        }
    }
}
