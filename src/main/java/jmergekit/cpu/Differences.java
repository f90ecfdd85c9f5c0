package jmergekit.cpu;

import java.util.List;
import jmergekit.primitive.SourceTensor;
import jmergekit.tile.TileOps;

/// The sources of one tensor and their differences from the base, one tile at a time.
final class Differences {
    private final List<SourceTensor> sources;
    private final int base;
    private final long rowLength;
    private final TileOps ops;

    /// @param rowLength elements along the last dimension
    Differences(List<SourceTensor> sources, int base, long rowLength, TileOps ops) {
        this.sources = sources;
        this.base = base;
        this.rowLength = rowLength;
        this.ops = ops;
    }

    TileOps ops() {
        return ops;
    }

    int count() {
        return sources.size();
    }

    /// The index of the base.
    int base() {
        return base;
    }

    boolean isBase(int source) {
        return source == base;
    }

    long elements() {
        return sources.getFirst().elements();
    }

    long rowLength() {
        return rowLength;
    }

    void readBase(long from, int n, float[] into) {
        sources.get(base).read(from, n, into);
    }

    void readSource(int source, long from, int n, float[] into) {
        sources.get(source).read(from, n, into);
    }

    /// `into = source - baseTile`.
    void read(int source, float[] baseTile, long from, int n, float[] into) {
        sources.get(source).readDifference(from, n, baseTile, into);
    }

    /// `sum += factor * (source - baseTile)`, using `spare` as working memory.
    void add(
            int source,
            float[] baseTile,
            long from,
            int n,
            float factor,
            float[] sum,
            float[] spare) {
        sources.get(source).addDifference(from, n, baseTile, factor, sum, spare);
    }

    /// `into = source - base`, using `baseTile` as working memory.
    void readBoth(int source, long from, int n, float[] baseTile, float[] into) {
        readBase(from, n, baseTile);
        read(source, baseTile, from, n, into);
    }

    /// The difference of one source.
    Measure of(int source) {
        return (baseTile, from, n, spares, into) -> read(source, baseTile, from, n, into);
    }

    /// The variance of the sources' differences at each element: the mean squared distance from
    /// their mean. Computed in float64, so that equal values compare equal.
    Measure variance() {
        double share = 1.0 / (count() - 1);
        return (baseTile, from, n, spares, into) -> {
            float[][] all = new float[count() - 1][];
            for (int i = 0, next = 0; i < count(); i++) {
                if (!isBase(i)) {
                    all[next] = spares.difference(next);
                    read(i, baseTile, from, n, all[next++]);
                }
            }
            ops.variance(all, share, into, n);
        };
    }
}
