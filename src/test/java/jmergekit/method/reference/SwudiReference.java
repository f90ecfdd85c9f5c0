package jmergekit.method.reference;

import java.util.List;

/// SWUDI: the filtered closed form of the least interference.
///
/// Source: <https://arxiv.org/abs/2606.07289>.
public final class SwudiReference {
    private SwudiReference() {}

    /// @param rows of all matrices, which are row-major
    public static double[] merge(
            float[] base,
            float[][] models,
            double[] weights,
            int rows,
            int kept,
            double time,
            double lambda) {
        List<DoubleMatrix> all = DoubleMatrix.taskVectors(base, models, weights, rows);
        int columns = base.length / rows;
        DoubleMatrix sum = DoubleMatrix.sum(all);
        DoubleMatrix c = DoubleMatrix.zeros(columns, columns);
        DoubleMatrix e = DoubleMatrix.zeros(rows, columns);
        for (DoubleMatrix d : all) {
            double square = Math.pow(d.norm(), 2);
            DoubleMatrix gram = d.transposed().times(d).times(1 / square);
            c = c.plus(gram);
            e = e.plus(d.times(gram));
        }
        double least = c.singularValues()[kept - 1];
        DoubleMatrix f = c.ofSymmetric(l -> l < least ? 0 : 1 - Math.exp(-l * time));
        DoubleMatrix g = c.ofSymmetric(l -> l < least ? 0 : (1 - Math.exp(-l * time)) / l);
        return sum.minus(sum.times(f)).plus(e.times(g)).addedTo(base, lambda);
    }
}
