package jmergekit.transplant;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import jmergekit.linalg.RowProducts;
import jmergekit.tensor.DType;
import jmergekit.threads.Workers;
import jmergekit.tile.TileOps;

/// A Gram matrix in off-heap memory: float32 for up to [#MOST_EXACT] atoms, and bfloat16, which
/// takes half the memory, for more. It determines which atoms are considered, not their
/// coefficients.
final class StoredGram implements Gram {
    private static final int MOST_EXACT = 1 << 14;

    /// With more atoms, the matrix would take more than 2 GiB.
    static final int MOST = 1 << 15;

    private static final int STEP = 128;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment matrix;
    private final DType dtype;
    private final float[] squares;
    private final int atoms;
    private final TileOps ops;

    /// @param rows reads the rows of the atoms, by which `products` multiplies
    /// @param dtype float32 or bfloat16
    StoredGram(RowReader rows, RowProducts products, DType dtype, Workers workers, TileOps ops) {
        this.atoms = products.rows();
        this.ops = ops;
        this.dtype = dtype;
        this.squares = new float[atoms];
        this.matrix = arena.allocate((long) atoms * atoms * dtype.bytes(), Long.BYTES);
        List<Runnable> jobs = new ArrayList<>();
        for (int first = 0; first < atoms; first += STEP) {
            int from = first;
            jobs.add(() -> fill(from, Math.min(STEP, atoms - from), rows, products));
        }
        workers.runAll(jobs);
    }

    /// Reads the row of an atom.
    interface RowReader {
        void read(int atom, float[] into);
    }

    /// The dtype that is used for this many atoms.
    static DType dtype(int atoms) {
        return atoms <= MOST_EXACT ? DType.F32 : DType.BF16;
    }

    private void fill(int first, int count, RowReader rows, RowProducts products) {
        int columns = products.columns();
        float[] vectors = new float[count * columns];
        float[] row = new float[columns];
        for (int i = 0; i < count; i++) {
            rows.read(first + i, row);
            System.arraycopy(row, 0, vectors, i * columns, columns);
        }
        float[] inner = new float[count * atoms];
        products.inner(vectors, count, inner);
        float[] tile = new float[TileOps.TILE];
        for (int i = 0; i < count; i++) {
            squares[first + i] = inner[i * atoms + first + i];
            for (int done = 0; done < atoms; done += tile.length) {
                int n = Math.min(tile.length, atoms - done);
                System.arraycopy(inner, i * atoms + done, tile, 0, n);
                ops.narrow(tile, n, dtype, matrix, offset(first + i, done));
            }
        }
    }

    private long offset(int atom, int other) {
        return ((long) atom * atoms + other) * dtype.bytes();
    }

    @Override
    public float square(int atom) {
        return squares[atom];
    }

    @Override
    public void gather(int atom, int[] others, int count, float[] into) {
        long row = offset(atom, 0);
        if (dtype == DType.F32) {
            for (int i = 0; i < count; i++) {
                into[i] = matrix.get(ValueLayout.JAVA_FLOAT, row + (long) others[i] * Float.BYTES);
            }
        } else {
            for (int i = 0; i < count; i++) {
                short bits =
                        matrix.get(ValueLayout.JAVA_SHORT, row + (long) others[i] * Short.BYTES);
                into[i] = Float.intBitsToFloat(bits << 16);
            }
        }
    }

    // Tile by tile, so that the sums stay in the first-level cache.
    @Override
    public void subtract(float[] products, int from, int[] members, double[] factors, int count) {
        float[] sum = new float[TileOps.TILE];
        float[] row = new float[TileOps.TILE];
        for (int done = 0; done < atoms; done += sum.length) {
            int n = Math.min(sum.length, atoms - done);
            System.arraycopy(products, from + done, sum, 0, n);
            for (int i = 0; i < count; i++) {
                ops.widen(dtype, matrix, offset(members[i], done), row, n);
                ops.addScaled(sum, row, (float) -factors[i], n);
            }
            System.arraycopy(sum, 0, products, from + done, n);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
