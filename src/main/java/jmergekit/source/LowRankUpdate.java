package jmergekit.source;

import java.util.Arrays;
import jmergekit.primitive.SourceTensor;
import jmergekit.tile.TileOps;

/// A matrix changed by an adapter: `W + scale * P Q`, where `P` is `[rows, rank]` and `Q` is
/// `[rank, columns]`. Elements are computed as they are read; the whole product is never stored.
///
/// An element's products are summed in float32 in the order of the rank, whatever tile it is read
/// in, and added to `W` unrounded.
///
/// Source: Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", arXiv:2106.09685.
public final class LowRankUpdate implements DerivedTensor {
    /// The largest accepted rank; no matrix of a model has a higher one.
    public static final int MAX_RANK = 1 << 16;

    /// The most elements of `Q` that are kept widened in memory. A larger `Q` is read again for
    /// each tile, which takes several times as long.
    private static final long MOST_KEPT = 1 << 22;

    /// The columns computed at a time: few enough for the first-level cache.
    private static final int PANEL = 1024;

    private final SourceTensor tensor;
    private final long columns;
    private final Factors factors;
    private final int rank;
    private final TileOps ops;
    private final float[][] kept;

    /// The stored factors.
    ///
    /// @param left `P`, or its transpose if `transposed`
    /// @param right `Q`, or its transpose if `transposed`
    /// @param rank at most [#MAX_RANK]
    public record Factors(
            SourceTensor left, SourceTensor right, long rank, boolean transposed, double scale) {}

    /// @param tensor `W`, row-major
    /// @param columns length of its rows
    public LowRankUpdate(SourceTensor tensor, long columns, Factors factors, TileOps ops) {
        this.tensor = tensor;
        this.columns = columns;
        this.factors = factors;
        this.rank = Math.toIntExact(factors.rank());
        this.ops = ops;
        this.kept = isKept(rank, columns) ? widened() : new float[0][];
    }

    /// The memory that an update uses, in bytes.
    public static long bytes(long rank, long columns) {
        return isKept(rank, columns) ? rank * columns * Float.BYTES : 0;
    }

    private static boolean isKept(long rank, long columns) {
        return columns <= MOST_KEPT && rank * columns <= MOST_KEPT;
    }

    private float[][] widened() {
        int panels = Math.toIntExact((columns + PANEL - 1) / PANEL);
        float[][] all = new float[panels * rank][];
        for (int panel = 0; panel < panels; panel++) {
            for (int k = 0; k < rank; k++) {
                all[panel * rank + k] = new float[width(panel)];
            }
            if (factors.transposed()) {
                readTransposed(panel, all);
            } else {
                for (int k = 0; k < rank; k++) {
                    readRight(panel, k, all[panel * rank + k]);
                }
            }
        }
        return all;
    }

    private void readTransposed(int panel, float[][] all) {
        float[] row = new float[rank];
        for (int j = 0; j < width(panel); j++) {
            factors.right().read(((long) panel * PANEL + j) * rank, rank, row);
            for (int k = 0; k < rank; k++) {
                all[panel * rank + k][j] = row[k];
            }
        }
    }

    private int width(long panel) {
        return (int) Math.min(PANEL, columns - panel * PANEL);
    }

    @Override
    public SourceTensor tensor() {
        return tensor;
    }

    @Override
    public void read(long from, int n, float[] into) {
        tensor.read(from, n, into);
        int most = (int) Math.min(PANEL, columns);
        float[] left = new float[rank];
        float[] sum = new float[most];
        float[] piece = new float[most];
        int at = 0;
        while (at < n) {
            long column = (from + at) % columns;
            if (at == 0 || column == 0) {
                readLeft((from + at) / columns, left);
            }
            long panel = column / PANEL;
            int start = (int) (column % PANEL);
            int end = Math.min(width(panel), start + n - at);
            addProducts(panel, left, end, sum, piece);
            // The operations work on the front of an array.
            System.arraycopy(into, at, piece, start, end - start);
            ops.addTo(piece, sum, (float) factors.scale(), piece, end);
            System.arraycopy(piece, start, into, at, end - start);
            at += end - start;
        }
    }

    private void addProducts(long panel, float[] left, int end, float[] sum, float[] piece) {
        Arrays.fill(sum, 0, end, 0);
        int k = 0;
        for (; kept.length > 0 && k + 4 <= rank; k += 4) {
            addFour(kept, (int) panel * rank + k, left, k, end, sum);
        }
        for (; k < rank; k++) {
            float[] right = piece;
            if (kept.length > 0) {
                right = kept[(int) panel * rank + k];
            } else {
                readRight(panel, k, piece);
            }
            ops.addScaled(sum, right, left[k], end);
        }
    }

    /// Four calls of [TileOps#addScaled] in one, with bit-identical results: keeping the sum in a
    /// register saves most of the loads and stores.
    private static void addFour(
            float[][] rows, int first, float[] left, int k, int n, float[] sum) {
        float[] a = rows[first];
        float[] b = rows[first + 1];
        float[] c = rows[first + 2];
        float[] d = rows[first + 3];
        float p = left[k];
        float q = left[k + 1];
        float r = left[k + 2];
        float s = left[k + 3];
        for (int i = 0; i < n; i++) {
            sum[i] = sum[i] + p * a[i] + q * b[i] + r * c[i] + s * d[i];
        }
    }

    private void readLeft(long row, float[] into) {
        if (factors.transposed()) {
            gather(factors.left(), row, factors.left().elements() / rank, rank, into);
        } else {
            factors.left().read(row * rank, rank, into);
        }
    }

    private void readRight(long panel, int k, float[] into) {
        if (factors.transposed()) {
            gather(factors.right(), panel * PANEL * rank + k, rank, width(panel), into);
        } else {
            factors.right().read(k * columns + panel * PANEL, width(panel), into);
        }
    }

    private static void gather(SourceTensor from, long first, long step, int n, float[] into) {
        float[] one = new float[1];
        for (int i = 0; i < n; i++) {
            from.read(first + i * step, 1, one);
            into[i] = one[0];
        }
    }
}
