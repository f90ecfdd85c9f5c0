package jmergekit.source;

import java.lang.foreign.MemorySegment;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.tensor.TensorView;
import jmergekit.tile.TileOps;

/// Sources made of arrays, and arrays read from sources.
final class FloatTensors {
    private FloatTensors() {}

    static SourceTensor stored(float... data) {
        return leading(data.length, data);
    }

    /// The first elements of a tensor.
    static SourceTensor leading(int elements, float... data) {
        TensorSpec spec = new TensorSpec("x", DType.F32, Shape.of(data.length));
        return new StoredTensor(
                new TensorView(spec, MemorySegment.ofArray(data)), elements, TileOps.best());
    }

    static float[] read(SourceTensor tensor, int from, int n) {
        float[] into = new float[n];
        tensor.read(from, n, into);
        return into;
    }

    /// All elements, read in tiles of this size.
    static float[] all(SourceTensor tensor, int tile) {
        float[] all = new float[Math.toIntExact(tensor.elements())];
        for (int from = 0; from < all.length; from += tile) {
            int n = Math.min(tile, all.length - from);
            System.arraycopy(read(tensor, from, n), 0, all, from, n);
        }
        return all;
    }
}
