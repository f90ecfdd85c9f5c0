package jmergekit.cpu;

import java.util.List;
import jmergekit.primitive.Scratch;
import jmergekit.primitive.SourceTensor;

/// Reads the tiles of all sources together: unchanged, or as differences from the base.
final class SourceTiles {
    private final List<SourceTensor> sources;
    private final int base;

    /// @param base the source that differences are taken from;
    ///     [jmergekit.primitive.Primitives#NO_BASE] for unchanged sources
    SourceTiles(List<SourceTensor> sources, int base) {
        this.sources = sources;
        this.base = base;
    }

    int count() {
        return sources.size();
    }

    /// Whether source `i` is one of the vectors, rather than the base of differences.
    boolean counts(int i) {
        return i != base;
    }

    /// Reads tile `i` of `scratch` from source `i`; the base's tile contains its own elements.
    void read(long from, int n, Scratch scratch) {
        if (base >= 0) {
            sources.get(base).read(from, n, scratch.tile(base));
        }
        for (int i = 0; i < sources.size(); i++) {
            if (base < 0) {
                sources.get(i).read(from, n, scratch.tile(i));
            } else if (i != base) {
                sources.get(i).readDifference(from, n, scratch.tile(base), scratch.tile(i));
            }
        }
    }

    /// The initial value of a weighted sum of the vectors: the base, or zeros.
    void start(float[] sum, int n, Scratch scratch) {
        if (base >= 0) {
            System.arraycopy(scratch.tile(base), 0, sum, 0, n);
        } else {
            java.util.Arrays.fill(sum, 0, n, 0f);
        }
    }
}
