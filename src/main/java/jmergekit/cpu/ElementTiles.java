package jmergekit.cpu;

import java.util.Arrays;
import jmergekit.primitive.ElementTile;
import jmergekit.primitive.Scratch;

/// Reads tiles for rules and scores. A thread has its own.
final class ElementTiles {
    private final Differences differences;
    private final float[] base;
    private final float[][] others;
    private final float[][] spare;

    ElementTiles(Differences differences, Scratch scratch, int spares) {
        this.differences = differences;
        this.base = scratch.tile(0);
        this.others = new float[differences.count() - 1][];
        this.spare = new float[spares][];
        Arrays.setAll(others, scratch::difference);
        Arrays.setAll(spare, scratch::spare);
    }

    ElementTile read(long from, int n) {
        differences.readBase(from, n, base);
        return read(base, from, n);
    }

    /// @param baseTile the base's elements
    ElementTile read(float[] baseTile, long from, int n) {
        for (int i = 0, next = 0; i < differences.count(); i++) {
            if (!differences.isBase(i)) {
                differences.read(i, baseTile, from, n, others[next++]);
            }
        }
        return new ElementTile(from, n, differences.rowLength(), baseTile, others, spare);
    }
}
