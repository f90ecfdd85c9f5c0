package jmergekit.shards;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import jmergekit.tensor.DType;
import jmergekit.tensor.NonFinite;
import jmergekit.weights.TensorEntry;

/// A tensor that is being written.
///
/// @param written the bytes written so far
/// @param nonFinite the NaN and infinite elements written so far
/// @param checksum of the bytes written so far, if the file has checksums
record TensorTarget(
        ShardFile file,
        TensorEntry entry,
        AtomicLong written,
        AtomicLong nonFinite,
        Optional<DataChecksum> checksum) {
    static TensorTarget of(ShardFile file, TensorEntry entry) {
        Optional<DataChecksum> checksum =
                file.shard().file().hasChecksums()
                        ? Optional.of(new DataChecksum(entry.spec().bytes()))
                        : Optional.empty();
        return new TensorTarget(file, entry, new AtomicLong(), new AtomicLong(), checksum);
    }

    /// Inspects a part that is about to be written at `byteOffset` in the tensor.
    void count(long byteOffset, MemorySegment elements) {
        checksum.ifPresent(c -> c.add(byteOffset, elements));
        DType dtype = entry.spec().dtype();
        long n = elements.byteSize() * Byte.SIZE / dtype.bits();
        long found = NonFinite.count(dtype, elements, 0, n);
        if (found > 0) {
            nonFinite.addAndGet(found);
        }
    }

    void checkWritten() {
        long size = entry.spec().bytes();
        if (written.get() != size) {
            throw new IllegalStateException(
                    "%d bytes of tensor %s were written, it has %d"
                            .formatted(written.get(), entry.spec().name(), size));
        }
    }
}
