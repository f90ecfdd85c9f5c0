package jmergekit.source;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;
import jmergekit.tensor.TensorView;
import jmergekit.tile.TileOps;

/// A source whose elements are read in the order in which they are stored in a file.
///
/// @param view the tensor or a leading part of it
/// @param elements the number of elements used, from the first one on
public record StoredTensor(TensorView view, long elements, TileOps ops) implements SourceTensor {
    public StoredTensor {
        if (elements > view.spec().shape().elements()) {
            throw new IllegalArgumentException(
                    "%s has only %s".formatted(view.spec().name(), view.spec().shape()));
        }
    }

    @Override
    public DType dtype() {
        return view.spec().dtype();
    }

    @Override
    public void read(long from, int n, float[] into) {
        ops.widen(dtype(), view.bytes(), from * dtype().bytes(), into, n);
    }

    @Override
    public void readDifference(long from, int n, float[] base, float[] into) {
        ops.widenDifference(dtype(), view.bytes(), from * dtype().bytes(), base, into, n);
    }

    @Override
    public void addDifference(
            long from, int n, float[] base, float factor, float[] sum, float[] spare) {
        if (dtype() == DType.BF16) {
            ops.addDifferenceBf16(view.bytes(), 2 * from, base, factor, sum, n);
        } else {
            SourceTensor.super.addDifference(from, n, base, factor, sum, spare);
        }
    }

    @Override
    public Optional<MemorySegment> bytes() {
        return Optional.of(view.bytes().asSlice(0, elements * dtype().bytes()));
    }
}
