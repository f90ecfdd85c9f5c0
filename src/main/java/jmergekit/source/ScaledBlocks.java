package jmergekit.source;

import jmergekit.primitive.SourceTensor;

/// A matrix whose blocks are each multiplied by a number of their own, as quantised weights are
/// stored. An element is widened and multiplied in float32.
///
/// @param tensor row-major
/// @param columns length of its rows
/// @param scales one for each block, row-major
/// @param blockRows rows of a block; the last blocks may have fewer
/// @param blockColumns columns of a block, likewise
public record ScaledBlocks(
        SourceTensor tensor, long columns, SourceTensor scales, long blockRows, long blockColumns)
        implements DerivedTensor {
    @Override
    public void read(long from, int n, float[] into) {
        tensor.read(from, n, into);
        long blocksInRow = (columns + blockColumns - 1) / blockColumns;
        float[] factors = new float[(int) Math.min(n / blockColumns + 2, blocksInRow)];
        int at = 0;
        while (at < n) {
            long row = (from + at) / columns;
            long column = (from + at) % columns;
            int length = (int) Math.min(n - at, columns - column);
            long first = column / blockColumns;
            int blocks = (int) ((column + length - 1) / blockColumns - first + 1);
            scales.read(row / blockRows * blocksInRow + first, blocks, factors);
            for (int b = 0; b < blocks; b++) {
                long start = Math.max((first + b) * blockColumns, column) - column;
                long end = Math.min((first + b + 1) * blockColumns - column, length);
                scale(into, at + (int) start, at + (int) end, factors[b]);
            }
            at += length;
        }
    }

    private static void scale(float[] x, int from, int end, float factor) {
        for (int i = from; i < end; i++) {
            x[i] *= factor;
        }
    }
}
