package jmergekit.kernel;

import java.util.List;

/// The sources of one tensor and the differences of each from the base, a tile at a time.
final class Differences {
    private final List<SourceTensor> sources;
    private final int base;
    private final TileOps ops;

    Differences(List<SourceTensor> sources, int base, TileOps ops) {
        this.sources = sources;
        this.base = base;
        this.ops = ops;
    }

    int count() {
        return sources.size();
    }

    boolean isBase(int source) {
        return source == base;
    }

    long elements() {
        return sources.getFirst().elements();
    }

    void readBase(long from, int n, float[] into) {
        sources.get(base).read(from, n, into);
    }

    /// `into = source - baseTile`.
    void read(int source, float[] baseTile, long from, int n, float[] into) {
        sources.get(source).read(from, n, into);
        ops.subtract(into, baseTile, into, n);
    }

    /// `into = source - base`, using `baseTile` as working memory.
    void readBoth(int source, long from, int n, float[] baseTile, float[] into) {
        readBase(from, n, baseTile);
        read(source, baseTile, from, n, into);
    }
}
