package jmergekit.source;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;

/// Floats of four bits, E2M1: a sign, two bits of exponent and one of significand. Two lie in each
/// byte, the first one in the low bits.
///
/// Source: *OCP Microscaling Formats (MX) Specification*, version 1.0.
///
/// @param bytes of all elements
/// @param elements how many take part, from the first one on
public record Float4Tensor(MemorySegment stored, long elements) implements SourceTensor {
    private static final float[] VALUES = {
        0, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0f, -0.5f, -1, -1.5f, -2, -3, -4, -6
    };

    /// Both elements of each byte, so that one look-up gives two.
    private static final float[] PAIRS = pairs();

    public Float4Tensor {
        if (elements > 2 * stored.byteSize()) {
            throw new IllegalArgumentException(
                    "%d elements in %d bytes".formatted(elements, stored.byteSize()));
        }
    }

    private static float[] pairs() {
        float[] pairs = new float[512];
        for (int bits = 0; bits < 256; bits++) {
            pairs[2 * bits] = VALUES[bits & 15];
            pairs[2 * bits + 1] = VALUES[bits >>> 4];
        }
        return pairs;
    }

    @Override
    public DType dtype() {
        return DType.F4;
    }

    @Override
    public Optional<MemorySegment> bytes() {
        return Optional.empty();
    }

    @Override
    public void read(long from, int n, float[] into) {
        int i = 0;
        if ((from & 1) != 0 && n > 0) {
            into[i++] = VALUES[at(from / 2) >>> 4];
        }
        long next = (from + i) / 2;
        for (; i + 1 < n; i += 2) {
            int pair = 2 * at(next++);
            into[i] = PAIRS[pair];
            into[i + 1] = PAIRS[pair + 1];
        }
        if (i < n) {
            into[i] = VALUES[at(next) & 15];
        }
    }

    private int at(long index) {
        return stored.get(ValueLayout.JAVA_BYTE, index) & 0xff;
    }
}
