package jmergekit.source;

import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;

/// A tensor as the small floats that are stored: each element is divided by the scale of its block
/// and rounded once, to nearest even. The quotient is a double, so that the quotient of two float32
/// values is on the border between two small floats only if it is exactly there.
///
/// @param tensor its matrices are row-major
public record QuantisedValues(SourceTensor tensor, BlockFormat format, BlockScales scales)
        implements DerivedTensor {
    @Override
    public DType dtype() {
        return format.values();
    }

    @Override
    public void read(long from, int n, float[] into) {
        tensor.read(from, n, into);
        for (BlockRuns run = new BlockRuns(format, from, n); run.next(); ) {
            round(into, run.start(), run.end(), scales.scale(run.block()));
        }
    }

    private void round(float[] x, int from, int end, double scale) {
        SmallFloats floats = format.floats();
        for (int i = from; i < end; i++) {
            x[i] = floats.round(x[i] / scale);
        }
    }
}
