package jmergekit.source;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;

/// Floats of four bits as bytes: the first of two in the low bits. NaN is written as the largest one,
/// since there is none: the scale of its block says it.
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
            into[i] = bits(both[2 * i]) | bits(both[2 * i + 1]) << 4;
        }
    }

    private static int bits(float x) {
        int sign = Float.floatToRawIntBits(x) >>> 31 << 3;
        float magnitude = Math.abs(x);
        int bits = 7;
        if (magnitude < 2) {
            bits = (int) (2 * magnitude);
        } else if (magnitude <= 4) {
            bits = (int) magnitude + 2;
        }
        return sign | bits;
    }
}
