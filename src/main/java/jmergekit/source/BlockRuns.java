package jmergekit.source;

/// Iterates over consecutive elements of a tensor, divided by blocks: each run is in one row of one
/// block.
final class BlockRuns {
    private final BlockFormat format;
    private final long from;
    private final int n;
    private int start;
    private int end;
    private long block;

    /// @param from index of the first element
    BlockRuns(BlockFormat format, long from, int n) {
        this.format = format;
        this.from = from;
        this.n = n;
    }

    /// Moves to the next run, if there is one.
    boolean next() {
        if (end == n) {
            return false;
        }
        start = end;
        long at = from + start;
        long columns = format.columns();
        long blockColumns = format.blockColumns();
        long column = at % columns;
        block = format.block(at / columns, column);
        long inBlock = blockColumns - column % blockColumns;
        long inRow = columns - column;
        end = (int) Math.min(n, start + Math.min(inBlock, inRow));
        return true;
    }

    /// The start of the run, relative to the first element.
    int start() {
        return start;
    }

    /// The end of the run, exclusive.
    int end() {
        return end;
    }

    long block() {
        return block;
    }
}
