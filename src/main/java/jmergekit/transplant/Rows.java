package jmergekit.transplant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import jmergekit.linalg.RowSource;
import jmergekit.primitive.SourceTensor;
import jmergekit.tile.TileOps;

/// A matrix of an input, read row by row as float32. Thread-safe.
///
/// @param factor multiplies all elements
record Rows(SourceTensor tensor, int columns, float factor) {
    Rows(SourceTensor tensor, int columns) {
        this(tensor, columns, 1);
    }

    int count() {
        return Math.toIntExact(tensor.elements() / columns);
    }

    /// Reads a row to the front of `into`.
    void read(int row, float[] into) {
        long from = (long) row * columns;
        if (columns <= TileOps.TILE) {
            tensor.read(from, columns, into);
            scale(into);
            return;
        }
        float[] tile = new float[TileOps.TILE];
        for (int done = 0; done < columns; done += tile.length) {
            int n = Math.min(tile.length, columns - done);
            tensor.read(from + done, n, tile);
            System.arraycopy(tile, 0, into, done, n);
        }
        scale(into);
    }

    private void scale(float[] row) {
        if (factor != 1) {
            for (int j = 0; j < columns; j++) {
                row[j] *= factor;
            }
        }
    }

    /// The rows without NaN and infinity.
    BitSet finite() {
        BitSet finite = new BitSet();
        float[] row = new float[columns];
        for (int i = 0; i < count(); i++) {
            read(i, row);
            double sum = 0;
            for (float value : row) {
                sum += value;
            }
            finite.set(i, Double.isFinite(sum));
        }
        return finite;
    }

    /// The mean of some rows; zeros if there are none.
    double[] mean(BitSet some) {
        double[] sum = new double[columns];
        float[] row = new float[columns];
        for (int i = some.nextSetBit(0); i >= 0; i = some.nextSetBit(i + 1)) {
            read(i, row);
            for (int j = 0; j < columns; j++) {
                sum[j] += row[j];
            }
        }
        int count = Math.max(1, some.cardinality());
        for (int j = 0; j < columns; j++) {
            sum[j] /= count;
        }
        return sum;
    }

    /// A change that is applied to a row when it is read.
    interface Change {
        void apply(float[] row);
    }

    /// Some of the rows as a matrix, with the change applied to each.
    RowSource at(int[] ids, Change change) {
        return new Selected(this, ids, change);
    }

    RowSource at(int[] ids) {
        return at(ids, _ -> {});
    }

    /// Subtracts the mean.
    static Change centred(double[] mean) {
        return row -> {
            for (int j = 0; j < row.length; j++) {
                row[j] = (float) (row[j] - mean[j]);
            }
        };
    }

    private record Selected(Rows matrix, int[] ids, Change change) implements RowSource {
        @Override
        public long rows() {
            return ids.length;
        }

        @Override
        public long columns() {
            return matrix.columns;
        }

        @Override
        public double read(long first, long count, MemorySegment into) {
            float[] row = new float[matrix.columns];
            double sum = 0;
            for (int i = 0; i < count; i++) {
                matrix.read(ids[(int) first + i], row);
                change.apply(row);
                for (float value : row) {
                    sum += (double) value * value;
                }
                MemorySegment.copy(
                        row,
                        0,
                        into,
                        ValueLayout.JAVA_FLOAT_UNALIGNED,
                        (long) i * row.length * Float.BYTES,
                        row.length);
            }
            return sum;
        }

        @Override
        public double noise() {
            return 0;
        }
    }
}
