package jmergekit.cpu;

import jmergekit.primitive.ElementScore;
import jmergekit.primitive.ElementTile;
import jmergekit.primitive.Scratch;

/// The scores of elements, as a measure to select by.
record ScoreMeasure(Differences differences, ElementScore score) implements Measure {
    @Override
    public void read(float[] base, long from, int n, Scratch spares, float[] into) {
        score.score(tile(base, from, n, spares), into);
    }

    /// The tile that this measure and all others of the same differences read.
    ElementTile tile(float[] base, long from, int n, Scratch spares) {
        return new ElementTiles(differences, spares, 0).read(base, from, n);
    }
}
