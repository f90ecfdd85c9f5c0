package jmergekit.source;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;
import jmergekit.tensor.Strides;
import jmergekit.tensor.TensorSpec;
import jmergekit.tile.ScalarConversion;

/// A source whose elements are not contiguous in row-major order, such as a transposed view. They
/// are read one by one, in row-major order; the tensor is not copied.
public final class StridedTensor implements SourceTensor {
    private final TensorSpec spec;
    private final Strides strides;
    private final MemorySegment storage;
    private final long elements;

    /// @param storage from the first byte of the first element to the last byte of the last one
    /// @param elements the number of elements used, from the first one on
    public StridedTensor(TensorSpec spec, Strides strides, MemorySegment storage, long elements) {
        long needed = strides.span(spec.shape()) * spec.dtype().bytes();
        if (elements > spec.shape().elements() || storage.byteSize() != needed) {
            throw new IllegalArgumentException(
                    "%d elements of %s from %d bytes with strides %s"
                            .formatted(elements, spec, storage.byteSize(), strides.steps()));
        }
        this.spec = spec;
        this.strides = strides;
        this.storage = storage;
        this.elements = elements;
    }

    @Override
    public long elements() {
        return elements;
    }

    @Override
    public DType dtype() {
        return spec.dtype();
    }

    @Override
    public void read(long from, int n, float[] into) {
        Cursor cursor = new Cursor(from);
        for (int i = 0; i < n; i++) {
            into[i] = ScalarConversion.read(spec.dtype(), storage, cursor.next());
        }
    }

    @Override
    public Optional<MemorySegment> bytes() {
        return Optional.empty();
    }

    @Override
    public boolean isStored() {
        return true;
    }

    @Override
    public void copy(long from, int n, MemorySegment into) {
        Cursor cursor = new Cursor(from);
        int size = spec.dtype().bytes();
        for (int i = 0; i < n; i++) {
            copyElement(cursor.next(), into, (long) i * size);
        }
    }

    private void copyElement(long at, MemorySegment into, long to) {
        switch (spec.dtype().bytes()) {
            case 1 -> into.set(ValueLayout.JAVA_BYTE, to, storage.get(ValueLayout.JAVA_BYTE, at));
            case 2 ->
                    into.set(
                            ValueLayout.JAVA_SHORT_UNALIGNED,
                            to,
                            storage.get(ValueLayout.JAVA_SHORT_UNALIGNED, at));
            case 4 ->
                    into.set(
                            ValueLayout.JAVA_INT_UNALIGNED,
                            to,
                            storage.get(ValueLayout.JAVA_INT_UNALIGNED, at));
            default ->
                    into.set(
                            ValueLayout.JAVA_LONG_UNALIGNED,
                            to,
                            storage.get(ValueLayout.JAVA_LONG_UNALIGNED, at));
        }
    }

    /// Iterates over the elements in row-major order, starting at a given one.
    private final class Cursor {
        private final long[] sizes;
        private final long[] steps;
        private final long[] index;
        private long at;

        Cursor(long element) {
            int rank = spec.shape().rank();
            sizes = new long[rank];
            steps = new long[rank];
            index = new long[rank];
            long rest = element;
            for (int i = rank - 1; i >= 0; i--) {
                sizes[i] = spec.shape().size(i);
                steps[i] = strides.step(i) * spec.dtype().bytes();
                index[i] = rest % sizes[i];
                rest /= sizes[i];
                at += index[i] * steps[i];
            }
        }

        /// The byte offset of the current element; then moves to the next one.
        long next() {
            long here = at;
            for (int i = sizes.length - 1; i >= 0; i--) {
                at += steps[i];
                if (++index[i] < sizes[i]) {
                    break;
                }
                at -= sizes[i] * steps[i];
                index[i] = 0;
            }
            return here;
        }
    }
}
