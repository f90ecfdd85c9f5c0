package jmergekit.linalg;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// Merges of changes in Core Space and by KnOTS, in double precision, written from the papers: on
/// whole matrices, and with singular values by one-sided Jacobi rotations.
///
/// Sources: <https://arxiv.org/abs/2509.17786> and <https://arxiv.org/abs/2410.19735>.
final class DenseReference {
    private DenseReference() {}

    /// `left * diag(values) * right`, largest value first, without zeros.
    record Triplets(double[][] left, double[] values, double[][] right) {}

    /// The merged change in Core Space.
    ///
    /// @param merge of the cores
    static double[][] core(
            List<double[][]> b, List<double[][]> a, UnaryOperator<List<double[][]>> merge) {
        double[][] u = triplets(joined(b)).left();
        double[][] v =
                transposed(
                        triplets(joined(a.stream().map(DenseReference::transposed).toList()))
                                .left());
        List<double[][]> cores =
                IntStream.range(0, b.size())
                        .mapToObj(i ->
                                product(
                                        product(transposed(u), product(b.get(i), a.get(i))),
                                        transposed(v)))
                        .toList();
        return product(product(u, merge.apply(cores).getFirst()), v);
    }

    /// The merged change by KnOTS.
    ///
    /// @param merge of the right singular vectors, transposed
    static double[][] knots(
            List<double[][]> b, List<double[][]> a, UnaryOperator<List<double[][]>> merge) {
        List<double[][]> changes =
                IntStream.range(0, b.size()).mapToObj(i -> product(b.get(i), a.get(i))).toList();
        Triplets svd = triplets(joined(changes));
        int columns = changes.getFirst()[0].length;
        List<double[][]> rights = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            double[][] right = new double[svd.values().length][columns];
            for (int k = 0; k < right.length; k++) {
                System.arraycopy(svd.right()[k], i * columns, right[k], 0, columns);
            }
            rights.add(right);
        }
        double[][] merged = merge.apply(rights).getFirst();
        for (int k = 0; k < merged.length; k++) {
            for (int j = 0; j < columns; j++) {
                merged[k][j] *= svd.values()[k];
            }
        }
        return product(svd.left(), merged);
    }

    /// Rotates pairs of columns until all are orthogonal.
    static Triplets triplets(double[][] matrix) {
        double[][] columns = transposed(matrix);
        double[][] rotations = identity(columns.length);
        for (int sweep = 0; sweep < 60; sweep++) {
            for (int p = 0; p < columns.length; p++) {
                for (int q = p + 1; q < columns.length; q++) {
                    rotate(columns, rotations, p, q);
                }
            }
        }
        double largest =
                Math.sqrt(
                        IntStream.range(0, columns.length)
                                .mapToDouble(i -> dot(columns[i], columns[i]))
                                .max()
                                .orElse(0));
        List<Integer> order =
                IntStream.range(0, columns.length)
                        .boxed()
                        .filter(i -> Math.sqrt(dot(columns[i], columns[i])) > 1e-9 * largest)
                        .sorted(
                                Comparator.comparingDouble(
                                        (Integer i) -> -dot(columns[i], columns[i])))
                        .toList();
        double[] values =
                order.stream().mapToDouble(i -> Math.sqrt(dot(columns[i], columns[i]))).toArray();
        double[][] left = new double[values.length][];
        double[][] right = new double[values.length][];
        for (int i = 0; i < values.length; i++) {
            left[i] = columns[order.get(i)].clone();
            for (int k = 0; k < left[i].length; k++) {
                left[i][k] /= values[i];
            }
            right[i] = rotations[order.get(i)];
        }
        return new Triplets(
                values.length == 0 ? new double[matrix.length][0] : transposed(left),
                values,
                right);
    }

    private static void rotate(double[][] columns, double[][] rotations, int p, int q) {
        double alpha = dot(columns[p], columns[p]);
        double beta = dot(columns[q], columns[q]);
        double gamma = dot(columns[p], columns[q]);
        if (Math.abs(gamma) <= 1e-17 * Math.sqrt(alpha * beta) || gamma == 0) {
            return;
        }
        double zeta = (beta - alpha) / (2 * gamma);
        double t = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
        double c = 1 / Math.sqrt(1 + t * t);
        for (double[][] all : List.of(columns, rotations)) {
            for (int k = 0; k < all[p].length; k++) {
                double x = all[p][k];
                all[p][k] = c * x - c * t * all[q][k];
                all[q][k] = c * t * x + c * all[q][k];
            }
        }
    }

    private static double[][] identity(int n) {
        double[][] identity = new double[n][n];
        for (int i = 0; i < n; i++) {
            identity[i][i] = 1;
        }
        return identity;
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    private static double[][] joined(List<double[][]> parts) {
        double[][] joined = new double[parts.getFirst().length][];
        for (int row = 0; row < joined.length; row++) {
            int at = row;
            joined[row] = parts.stream().flatMapToDouble(p -> Arrays.stream(p[at])).toArray();
        }
        return joined;
    }

    static double[][] transposed(double[][] matrix) {
        double[][] transposed = new double[matrix[0].length][matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            for (int j = 0; j < matrix[i].length; j++) {
                transposed[j][i] = matrix[i][j];
            }
        }
        return transposed;
    }

    static double[][] product(double[][] x, double[][] y) {
        double[][] product = new double[x.length][y.length == 0 ? 0 : y[0].length];
        for (int i = 0; i < x.length; i++) {
            for (int k = 0; k < y.length; k++) {
                for (int j = 0; j < product[i].length; j++) {
                    product[i][j] += x[i][k] * y[k][j];
                }
            }
        }
        return product;
    }
}
