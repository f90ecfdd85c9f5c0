package jmergekit.source;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;
import jmergekit.tile.E2m1;

/// 4-bit floats, [E2m1]. Each byte contains two, the first one in the low bits.
///
/// @param bytes of all elements
/// @param elements the number used, from the first one on
public record Float4Tensor(MemorySegment stored, long elements) implements SourceTensor {
    /// Both elements for each byte value, so that one look-up gives two.
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
        // If a page is lost, its values may be out of bounds, so bytes are copied out of the file
        // before they are used as indices.
        byte[] bytes = new byte[(int) ((from + n + 1) / 2 - from / 2)];
        MemorySegment.copy(stored, ValueLayout.JAVA_BYTE, from / 2, bytes, 0, bytes.length);
        int first = (int) (from & 1);
        for (int i = 0; i < n; i++) {
            int at = first + i;
            into[i] = PAIRS[2 * (bytes[at / 2] & 0xff) + (at & 1)];
        }
    }
}
