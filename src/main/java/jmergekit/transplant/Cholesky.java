package jmergekit.transplant;

/// The Cholesky factor of a small symmetric matrix that grows row by row, in float64.
final class Cholesky {
    private final double[][] rows;
    private int size;

    Cholesky(int most) {
        rows = new double[most][];
        for (int i = 0; i < most; i++) {
            rows[i] = new double[i + 1];
        }
    }

    int size() {
        return size;
    }

    /// Removes all rows.
    void clear() {
        size = 0;
    }

    /// Adds a row and a column.
    ///
    /// @param row the products of the new element with the previous ones
    /// @param diagonal its product with itself
    /// @param floor the least share of the diagonal that must be left; otherwise nothing is added,
    ///     because the new element is nearly a sum of the others
    /// @return whether it was added
    boolean add(double[] row, double diagonal, double floor) {
        double[] factor = rows[size];
        double left = diagonal;
        for (int i = 0; i < size; i++) {
            double sum = row[i];
            double[] other = rows[i];
            for (int j = 0; j < i; j++) {
                sum -= factor[j] * other[j];
            }
            factor[i] = sum / other[i];
            left -= factor[i] * factor[i];
        }
        if (!(left > floor * diagonal)) {
            return false;
        }
        factor[size] = Math.sqrt(left);
        size++;
        return true;
    }

    /// Solves for the first [#size] elements, in place.
    void solve(double[] b) {
        for (int i = 0; i < size; i++) {
            double sum = b[i];
            for (int j = 0; j < i; j++) {
                sum -= rows[i][j] * b[j];
            }
            b[i] = sum / rows[i][i];
        }
        // Row by row, in memory order.
        for (int i = size - 1; i >= 0; i--) {
            double[] row = rows[i];
            double solved = b[i] / row[i];
            b[i] = solved;
            for (int j = 0; j < i; j++) {
                b[j] -= row[j] * solved;
            }
        }
    }
}
