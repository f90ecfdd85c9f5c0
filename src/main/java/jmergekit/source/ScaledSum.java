package jmergekit.source;

import jmergekit.primitive.SourceTensor;
import jmergekit.tile.TileOps;

/// A small tensor changed by an adapter: `x + scale * addend`, rounded after the product and after
/// the sum.
public record ScaledSum(SourceTensor tensor, SourceTensor addend, double scale, TileOps ops)
        implements DerivedTensor {
    public ScaledSum {
        if (addend.elements() < tensor.elements()) {
            throw new IllegalArgumentException(
                    "%d elements cannot be added to %d"
                            .formatted(addend.elements(), tensor.elements()));
        }
    }

    @Override
    public void read(long from, int n, float[] into) {
        tensor.read(from, n, into);
        float[] tile = new float[n];
        addend.read(from, n, tile);
        ops.addScaled(into, tile, (float) scale, n);
    }
}
