package jmergekit.transplant;

import java.util.List;
import jmergekit.tile.TileOps;

/// Rows that are weighted sums of a few rows of the model.
///
/// @param means the rows for tokens for which no sum was found, by table
record WeightedRows(SparseSolver solver, List<Rows> tables, List<float[]> means, TileOps ops)
        implements Approximation {
    @Override
    public void rows(TokenBatch batch, float[][] into) {
        solver.solve(
                batch,
                (place, ids, weights, count) -> {
                    for (int t = 0; t < into.length; t++) {
                        if (count == 0) {
                            float[] mean = means.get(t);
                            System.arraycopy(mean, 0, into[t], place * mean.length, mean.length);
                        } else {
                            add(tables.get(t), place, ids, weights, count, into[t]);
                        }
                    }
                });
    }

    private void add(Rows table, int place, int[] ids, double[] weights, int count, float[] into) {
        float[] sum = new float[table.columns()];
        float[] row = new float[table.columns()];
        for (int i = 0; i < count; i++) {
            table.read(ids[i], row);
            ops.addScaled(sum, row, (float) weights[i], sum.length);
        }
        System.arraycopy(sum, 0, into, place * sum.length, sum.length);
    }

    @Override
    public int batchSize() {
        return solver.batchSize();
    }

    @Override
    public void close() {
        solver.close();
    }

    static float[] narrow(double[] values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            narrow[i] = (float) values[i];
        }
        return narrow;
    }
}
