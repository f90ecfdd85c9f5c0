package jmergekit.transplant;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import jmergekit.linalg.RowProducts;
import jmergekit.source.NormalNoise;
import jmergekit.tile.CounterRandom;

/// Rows drawn from the normal distribution with the mean and the covariance of a table's rows.
///
/// The mean plus the sum of all centred rows, each multiplied by a standard normal number and divided
/// by the square root of their number, has that distribution; no covariance matrix is needed.
///
/// Source of the method: Hewitt, "Initializing new word embeddings for pretrained language models",
/// 2021, <https://nlp.stanford.edu/~johnhew/vocab-expansion.html>.
final class DrawnRows implements Approximation {
    private static final int ELEMENTS = 4 << 20;

    private final List<Table> tables = new ArrayList<>();
    private final long seed;
    private final int rows;

    private record Table(String name, double[] mean, RowProducts centred) {}

    /// @param names the names of the tables, which are keys of random draws
    /// @param some the rows that count, in all tables
    /// @param budget the most bytes of each table to keep in memory
    DrawnRows(
            List<String> names,
            List<Rows> models,
            BitSet some,
            List<double[]> means,
            long seed,
            long budget) {
        this.seed = seed;
        int[] all = some.stream().toArray();
        this.rows = all.length;
        for (int t = 0; t < names.size(); t++) {
            RowProducts centred =
                    new RowProducts(models.get(t).at(all, Rows.centred(means.get(t))), budget);
            tables.add(new Table(names.get(t), means.get(t), centred));
        }
    }

    @Override
    public int batchSize() {
        return Math.clamp(ELEMENTS / rows, 1, 256);
    }

    @Override
    public void rows(TokenBatch batch, float[][] into) {
        for (int t = 0; t < into.length; t++) {
            Table table = tables.get(t);
            float[] draws = new float[batch.size() * rows];
            float[] own = new float[rows];
            long key = CounterRandom.key(seed, table.name(), 0);
            float scale = (float) (1 / Math.sqrt(rows));
            for (int i = 0; i < batch.size(); i++) {
                long from = (long) batch.tokens()[i] * rows;
                new NormalNoise(key, from + rows).read(from, rows, own);
                for (int j = 0; j < rows; j++) {
                    draws[i * rows + j] = scale * own[j];
                }
            }
            table.centred().combined(draws, batch.size(), into[t]);
            double[] mean = table.mean();
            for (int i = 0; i < batch.size() * mean.length; i++) {
                into[t][i] = (float) (into[t][i] + mean[i % mean.length]);
            }
        }
    }

    @Override
    public void close() {
        tables.forEach(t -> t.centred().close());
    }
}
