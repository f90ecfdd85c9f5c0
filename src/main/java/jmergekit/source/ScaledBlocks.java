package jmergekit.source;

import java.util.Optional;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;
import jmergekit.tile.TileOps;

/// Matrices whose blocks are each multiplied or divided by a scale, as quantised weights are
/// stored. An element is widened and multiplied in float32.
///
/// @param tensor row-major
/// @param scales one for each block, row-major
public record ScaledBlocks(SourceTensor tensor, SourceTensor scales, Grid grid)
        implements DerivedTensor {
    /// The arrangement of the blocks.
    ///
    /// @param rows of each matrix; each matrix starts a new block
    /// @param columns length of a row
    /// @param blockRows rows of a block; the last blocks may have fewer
    /// @param blockColumns columns of a block, likewise
    /// @param divided whether elements are divided by the scales instead
    public record Grid(
            long rows, long columns, long blockRows, long blockColumns, boolean divided) {
        /// Blocks in a row.
        long wide() {
            return Math.ceilDiv(columns, blockColumns);
        }

        /// The first block of a row, counted over all matrices.
        long ofRow(long row) {
            long high = Math.ceilDiv(rows, blockRows);
            return (row / rows * high + row % rows / blockRows) * wide();
        }
    }

    /// The fastest implementation for a tensor.
    public static SourceTensor of(SourceTensor tensor, SourceTensor scales, Grid grid) {
        boolean blocks =
                grid.blockRows() == 1
                        && grid.blockColumns() == TileOps.MX_BLOCK
                        && grid.columns() % TileOps.MX_BLOCK == 0
                        && !grid.divided();
        return blocks
                        && tensor instanceof Float4Tensor codes
                        && scales instanceof StoredTensor powers
                        && powers.dtype() == DType.F8_E8M0
                ? new MicroscaledTensor(
                        codes.stored(), powers.view().bytes(), codes.elements(), powers.ops())
                : new ScaledBlocks(tensor, scales, grid);
    }

    /// A run of elements of a scaled tensor, if reading it separately is just as fast.
    public static Optional<SourceTensor> part(SourceTensor tensor, long from, long elements) {
        return tensor instanceof MicroscaledTensor packed
                        && from % TileOps.MX_BLOCK == 0
                        && elements % TileOps.MX_BLOCK == 0
                ? Optional.of(packed.part(from, elements))
                : Optional.empty();
    }

    @Override
    public void read(long from, int n, float[] into) {
        tensor.read(from, n, into);
        long columns = grid.columns();
        long blockColumns = grid.blockColumns();
        float[] factors = new float[(int) Math.min(n / blockColumns + 2, grid.wide())];
        int at = 0;
        while (at < n) {
            long row = (from + at) / columns;
            long column = (from + at) % columns;
            int length = (int) Math.min(n - at, columns - column);
            long first = column / blockColumns;
            int blocks = (int) ((column + length - 1) / blockColumns - first + 1);
            scales.read(grid.ofRow(row) + first, blocks, factors);
            for (int b = 0; b < blocks; b++) {
                int start = (int) (Math.max((first + b) * blockColumns, column) - column);
                int end = (int) Math.min((first + b + 1) * blockColumns - column, length);
                if (grid.divided()) {
                    divide(into, at + start, at + end, factors[b]);
                } else {
                    scale(into, at + start, at + end, factors[b]);
                }
            }
            at += length;
        }
    }

    private static void scale(float[] x, int from, int end, float factor) {
        for (int i = from; i < end; i++) {
            x[i] *= factor;
        }
    }

    private static void divide(float[] x, int from, int end, float divisor) {
        for (int i = from; i < end; i++) {
            x[i] /= divisor;
        }
    }
}
