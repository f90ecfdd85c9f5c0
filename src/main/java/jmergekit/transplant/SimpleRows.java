package jmergekit.transplant;

import java.util.BitSet;
import java.util.List;
import jmergekit.source.NormalNoise;
import jmergekit.tile.CounterRandom;

/// Rows that do not depend on the token: zeros, the mean row, or random numbers from the normal
/// distribution with the mean and variance of all elements of the table.
///
/// @param tables the facts that are needed about each table
record SimpleRows(ApproximationMethod method, List<Table> tables, long seed)
        implements Approximation {
    /// @param name the name of the table, which is the key of random draws
    /// @param mean the mean row of the table
    /// @param center the mean of all its elements
    /// @param spread their standard deviation
    record Table(String name, float[] mean, double center, double spread) {
        /// @param some the rows that count
        static Table of(String name, Rows rows, BitSet some, double[] mean) {
            double center = 0;
            for (double value : mean) {
                center += value / mean.length;
            }
            double sum = 0;
            float[] row = new float[rows.columns()];
            for (int i = some.nextSetBit(0); i >= 0; i = some.nextSetBit(i + 1)) {
                rows.read(i, row);
                for (float value : row) {
                    sum += (value - center) * (value - center);
                }
            }
            double elements = Math.max(1.0, some.cardinality()) * rows.columns();
            double spread = Math.sqrt(sum / elements);
            return new Table(name, WeightedRows.narrow(mean), center, spread);
        }
    }

    @Override
    public void rows(TokenBatch batch, float[][] into) {
        for (int t = 0; t < into.length; t++) {
            Table table = tables.get(t);
            for (int i = 0; i < batch.size(); i++) {
                System.arraycopy(
                        row(table, batch.tokens()[i]),
                        0,
                        into[t],
                        i * table.mean().length,
                        table.mean().length);
            }
        }
    }

    private float[] row(Table table, int token) {
        return switch (method) {
            case MEAN -> table.mean();
            case ZERO -> new float[table.mean().length];
            default -> drawn(table, token);
        };
    }

    private float[] drawn(Table table, int token) {
        int columns = table.mean().length;
        float[] row = new float[columns];
        long from = (long) token * columns;
        new NormalNoise(CounterRandom.key(seed, table.name(), 0), from + columns)
                .read(from, columns, row);
        for (int j = 0; j < columns; j++) {
            row[j] = (float) (table.center() + table.spread() * row[j]);
        }
        return row;
    }
}
