package jmergekit.moe;

/// Sums of vectors in float64, and the directions of these sums.
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

    /// Makes it a unit vector; a zero vector stays.
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

    /// Puts it into a row of a gate.
    void writeTo(float[] rows, int row) {
        for (int i = 0; i < sum.length; i++) {
            rows[row * sum.length + i] = (float) sum[i];
        }
    }
}
