package jmergekit.source;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;
import jmergekit.tile.E2m1;

/// Floats of four bits, [E2m1]. Two lie in each byte, the first one in the low bits.
///
/// @param bytes of all elements
/// @param elements how many take part, from the first one on
public record Float4Tensor(MemorySegment stored, long elements) implements SourceTensor {
    /// Both elements of each byte, so that one look-up gives two.
    private static final float[] PAIRS = E2m1.pairs();

    public Float4Tensor {
        if (elements > 2 * stored.byteSize()) {
            throw new IllegalArgumentException(
                    "%d elements in %d bytes".formatted(elements, stored.byteSize()));
        }
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
            into[i++] = PAIRS[2 * at(from / 2) + 1];
        }
        long next = (from + i) / 2;
        for (; i + 1 < n; i += 2) {
            int pair = 2 * at(next++);
            into[i] = PAIRS[pair];
            into[i + 1] = PAIRS[pair + 1];
        }
        if (i < n) {
            into[i] = PAIRS[2 * at(next)];
        }
    }

    private int at(long index) {
        return stored.get(ValueLayout.JAVA_BYTE, index) & 0xff;
    }
}
