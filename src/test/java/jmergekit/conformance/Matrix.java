package jmergekit.conformance;

import java.util.Arrays;

/// A small dense matrix in double precision, row by row.
record Matrix(int rows, int columns, double[][] values) {

    private static final int SWEEPS = 60;
    private static final double ORTHOGONAL = 1e-14;

    static Matrix of(StoredTensor tensor) {
        if (tensor.shape().size() != 2) {
            throw new IllegalArgumentException("not a matrix: " + tensor.shape());
        }
        Matrix matrix = zeros(tensor.shape().get(0), tensor.shape().get(1));
        for (int row = 0; row < matrix.rows; row++) {
            for (int column = 0; column < matrix.columns; column++) {
                matrix.values[row][column] = tensor.value(row * matrix.columns + column);
            }
        }
        return matrix;
    }

    static Matrix zeros(int rows, int columns) {
        return new Matrix(rows, columns, new double[rows][columns]);
    }

    /// `this + factor * other`
    Matrix plus(double factor, Matrix other) {
        if (rows != other.rows || columns != other.columns) {
            throw new IllegalArgumentException("shapes do not agree");
        }
        Matrix sum = zeros(rows, columns);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                sum.values[row][column] = values[row][column] + factor * other.values[row][column];
            }
        }
        return sum;
    }

    Matrix times(Matrix other) {
        if (columns != other.rows) {
            throw new IllegalArgumentException("shapes do not agree");
        }
        Matrix product = zeros(rows, other.columns);
        for (int row = 0; row < rows; row++) {
            for (int k = 0; k < columns; k++) {
                for (int column = 0; column < other.columns; column++) {
                    product.values[row][column] += values[row][k] * other.values[k][column];
                }
            }
        }
        return product;
    }

    Matrix transposed() {
        Matrix transposed = zeros(columns, rows);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                transposed.values[column][row] = values[row][column];
            }
        }
        return transposed;
    }

    /// The Frobenius norm.
    double norm() {
        return Math.sqrt(Arrays.stream(values).mapToDouble(row -> dot(row, row)).sum());
    }

    double rowNorm(int row) {
        return Math.sqrt(dot(values[row], values[row]));
    }

    /// Distance of the best approximation of a rank: the root of the squares of the other singular
    /// values, found by one-sided Jacobi rotations.
    double distanceOfBest(int rank) {
        Matrix rotated = rows < columns ? plus(0, this) : transposed();
        double[][] vectors = rotated.values;
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            boolean done = true;
            for (int i = 0; i < vectors.length; i++) {
                for (int j = i + 1; j < vectors.length; j++) {
                    done &= !rotate(vectors[i], vectors[j]);
                }
            }
            if (done) {
                break;
            }
        }
        double[] squares = Arrays.stream(vectors).mapToDouble(v -> dot(v, v)).sorted().toArray();
        return Math.sqrt(Arrays.stream(squares, 0, Math.max(0, squares.length - rank)).sum());
    }

    private static boolean rotate(double[] a, double[] b) {
        double aa = dot(a, a);
        double bb = dot(b, b);
        double ab = dot(a, b);
        if (Math.abs(ab) <= ORTHOGONAL * Math.sqrt(aa * bb)) {
            return false;
        }
        double zeta = (bb - aa) / (2 * ab);
        double t = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.hypot(1, zeta));
        double c = 1 / Math.hypot(1, t);
        for (int k = 0; k < a.length; k++) {
            double x = a[k];
            a[k] = c * (x - t * b[k]);
            b[k] = c * (t * x + b[k]);
        }
        return true;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += a[k] * b[k];
        }
        return sum;
    }
}
