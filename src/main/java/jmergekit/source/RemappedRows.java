package jmergekit.source;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;
import jmergekit.tensor.RowTable;
import jmergekit.tile.TileOps;
import org.jspecify.annotations.Nullable;

/// A model's matrix with the rows of another vocabulary: its own rows in that order, and
/// substitutes for the rows that it lacks. Rows are fetched as they are read; nothing of the size
/// of the matrix is kept in memory.
public final class RemappedRows implements SourceTensor {
    private final RowTable table;
    private final int model;
    private final Map<Integer, SourceTensor> sources;
    private final long columns;
    private float @Nullable [] meanOfTokens;

    /// @param model the model that the rows belong to, as numbered in the table
    /// @param sources the matrix of that model and of the others that [RowTable#needed] names, all
    ///     with rows of equal length
    /// @param columns length of a row
    public RemappedRows(
            RowTable table, int model, Map<Integer, SourceTensor> sources, long columns) {
        this.table = table;
        this.model = model;
        this.sources = Map.copyOf(sources);
        this.columns = columns;
    }

    @Override
    public long elements() {
        return Math.multiplyExact(table.rows(), columns);
    }

    @Override
    public DType dtype() {
        return source(model).dtype();
    }

    @Override
    public Optional<MemorySegment> bytes() {
        return Optional.empty();
    }

    @Override
    public void read(long from, int n, float[] into) {
        float[] piece = into;
        int done = 0;
        while (done < n) {
            int row = Math.toIntExact((from + done) / columns);
            long column = (from + done) % columns;
            int length = (int) Math.min(n - done, elementsInARun(row, column, n - done));
            readRow(row, column, length, piece);
            if (done > 0) {
                System.arraycopy(piece, 0, into, done, length);
            } else if (length < n) {
                // Sources can only fill the front of an array.
                piece = new float[n - length];
            }
            done += length;
        }
    }

    // Own rows that are also consecutive in the source are read at once.
    private long elementsInARun(int row, long column, int wanted) {
        long length = columns - column;
        int given = table.given(model, row);
        for (int next = row + 1;
                given != RowTable.NONE
                        && length < wanted
                        && next < table.rows()
                        && table.given(model, next) == given + next - row;
                next++) {
            length += columns;
        }
        return length;
    }

    private void readRow(int row, long column, int n, float[] into) {
        int given = table.given(model, row);
        if (given != RowTable.NONE) {
            source(model).read(given * columns + column, n, into);
            return;
        }
        int substitute = table.substituteModel(row);
        switch (substitute) {
            case RowTable.NONE -> Arrays.fill(into, 0, n, 0);
            case RowTable.MEAN -> readMean(row, column, n, into);
            case RowTable.MEAN_OF_TOKENS ->
                    System.arraycopy(meanOfTokens(), Math.toIntExact(column), into, 0, n);
            default ->
                    source(substitute).read(table.substituteRow(row) * columns + column, n, into);
        }
    }

    private SourceTensor source(int index) {
        SourceTensor source = sources.get(index);
        if (source == null) {
            throw new IllegalStateException("rows of model " + index + " are not available");
        }
        return source;
    }

    private void readMean(int row, long column, int n, float[] into) {
        double[] sums = new double[n];
        int count = 0;
        for (int m = 0; m < table.models(); m++) {
            if (table.own(m, row) != RowTable.NONE) {
                source(m).read(table.own(m, row) * columns + column, n, into);
                add(into, n, sums, 0);
                count++;
            }
        }
        divide(sums, count, into);
    }

    private synchronized float[] meanOfTokens() {
        if (meanOfTokens == null) {
            int length = Math.toIntExact(columns);
            double[] sums = new double[length];
            float[] tile = new float[(int) Math.min(TileOps.TILE, columns)];
            for (int row = 0; row < table.tokens(); row++) {
                for (int from = 0; from < length; from += tile.length) {
                    int n = Math.min(tile.length, length - from);
                    readRow(row, from, n, tile);
                    add(tile, n, sums, from);
                }
            }
            meanOfTokens = new float[length];
            divide(sums, table.tokens(), meanOfTokens);
        }
        return meanOfTokens;
    }

    private static void add(float[] x, int n, double[] sums, int at) {
        for (int i = 0; i < n; i++) {
            sums[at + i] += x[i];
        }
    }

    private static void divide(double[] sums, int count, float[] into) {
        for (int i = 0; i < sums.length; i++) {
            into[i] = (float) (sums[i] / count);
        }
    }
}
