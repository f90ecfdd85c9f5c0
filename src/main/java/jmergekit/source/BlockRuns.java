package jmergekit.source;

/// Goes through consecutive elements of a tensor by the blocks that they lie in: each run lies in one
/// row of one block.
final class BlockRuns {
    private final BlockFormat format;
    private final long from;
    private final int n;
    private int start;
    private int end;
    private long block;

    /// @param from the first of the elements
    BlockRuns(BlockFormat format, long from, int n) {
        this.format = format;
        this.from = from;
        this.n = n;
    }

    /// Goes to the next run, if there is one.
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

    /// The first element of the run, counted from the first of all.
    int start() {
        return start;
    }

    /// The one behind its last.
    int end() {
        return end;
    }

    long block() {
        return block;
    }
}
