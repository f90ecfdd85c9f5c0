package jmergekit.method.reference;

import java.util.ArrayList;
import java.util.List;

/// TSV-Merge: the first triplets of each task vector, with orthogonalised singular vectors.
///
/// Source: <https://arxiv.org/abs/2412.00081>, algorithm 1.
public final class TsvMReference {
    private TsvMReference() {}

    /// @param rows of all matrices, which are row-major
    public static double[] merge(
            float[] base, float[][] models, double[] weights, int rows, double lambda) {
        List<DoubleMatrix> all = DoubleMatrix.taskVectors(base, models, weights, rows);
        int rank = Math.min(rows, base.length / rows);
        int each = Math.max(1, rank / all.size());
        List<DoubleMatrix> left = new ArrayList<>();
        List<DoubleMatrix> right = new ArrayList<>();
        double[] values = new double[each * all.size()];
        for (int i = 0; i < all.size(); i++) {
            left.add(all.get(i).left(each));
            right.add(all.get(i).right(each));
            System.arraycopy(all.get(i).singularValues(), 0, values, i * each, each);
        }
        DoubleMatrix product =
                DoubleMatrix.beside(left)
                        .polar()
                        .times(DoubleMatrix.diagonal(values))
                        .times(DoubleMatrix.beside(right).polar().transposed());
        return product.addedTo(base, lambda);
    }
}
