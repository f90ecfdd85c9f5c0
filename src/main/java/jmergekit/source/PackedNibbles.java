package jmergekit.source;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;
import jmergekit.tile.E2m1;

/// 4-bit floats as bytes: the first of two in the low bits. There is no NaN, so it is written as
/// the largest value; the scale of the block is NaN.
///
/// @param values E2M1 floats, an even number
public record PackedNibbles(QuantisedValues values) implements SourceTensor {
    @Override
    public long elements() {
        return values.elements() / 2;
    }

    @Override
    public DType dtype() {
        return DType.U8;
    }

    @Override
    public Optional<MemorySegment> bytes() {
        return Optional.empty();
    }

    @Override
    public void read(long from, int n, float[] into) {
        float[] both = new float[2 * n];
        values.read(2 * from, 2 * n, both);
        for (int i = 0; i < n; i++) {
            into[i] = E2m1.bits(both[2 * i]) | E2m1.bits(both[2 * i + 1]) << 4;
        }
    }
}
