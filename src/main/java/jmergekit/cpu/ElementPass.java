package jmergekit.cpu;

import jmergekit.primitive.Chunks;
import jmergekit.primitive.Combination.Elementwise;
import jmergekit.primitive.ElementRule;
import jmergekit.primitive.ElementTile;
import jmergekit.primitive.OutputTensor;
import jmergekit.primitive.Scratch;
import jmergekit.tile.TileOps;

/// The writing pass of rules for elements.
///
/// Groups of elements may extend beyond the tiles of the output, which begin at multiples of their
/// length. Such groups are computed for both tiles.
final class ElementPass {
    private static final int CHANGE = 1;

    private final Differences differences;
    private final ElementRule rule;
    private final float lambda;
    private final TileOps ops;
    private final int group;

    ElementPass(Differences differences, Elementwise elementwise, TileOps ops) {
        this.differences = differences;
        this.rule = elementwise.rule();
        this.lambda = (float) elementwise.lambda();
        this.ops = ops;
        this.group = rule.group();
        if (group < 1 || group > ElementRule.LONGEST_GROUP) {
            throw new IllegalArgumentException("groups of " + group + " elements");
        }
    }

    void run(Chunks chunks, OutputTensor output) {
        // Leaves room for the groups at both ends of a tile.
        int size = group == 1 ? TileOps.TILE : TileOps.TILE / 2;
        OutputPass.run(chunks, output, ops, size, (_, scratch) -> tiles(scratch));
    }

    private OutputPass.TileMaker tiles(Scratch scratch) {
        ElementTiles tiles = new ElementTiles(differences, scratch, rule.spares());
        float[] change = scratch.tile(CHANGE);
        return (from, n) -> {
            long start = groupStart(from);
            int read = (int) (groupEnd(from + n - 1) - start);
            ElementTile tile = tiles.read(start, read);
            rule.change(tile, change);
            float[] base = tile.base();
            ops.addTo(base, change, lambda, base, read);
            int ahead = (int) (from - start);
            if (ahead > 0) {
                System.arraycopy(base, ahead, base, 0, n);
            }
            return base;
        };
    }

    // Where the group of an element begins.
    private long groupStart(long element) {
        return group == 1 ? element : element - inRow(element) % group;
    }

    // Where the group of an element ends, exclusive.
    private long groupEnd(long element) {
        long left = differences.rowLength() - inRow(element);
        return group == 1 ? element + 1 : Math.min(groupStart(element) + group, element + left);
    }

    private long inRow(long element) {
        return element % differences.rowLength();
    }
}
