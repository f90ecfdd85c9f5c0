package jmergekit.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The difference between two models of bf16 values.
///
/// @param elements number in all tensors
/// @param different number of elements whose bits differ
/// @param steps the largest difference, as a number of adjacent bf16 values
record Difference(long elements, long different, int steps) {
    private static final ValueLayout.OfShort BF16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long CHUNK_BYTES = 4L << 20;

    /// Bytes around a differing byte that are compared value by value.
    private static final long BLOCK_BYTES = 4 << 10;

    private record Chunk(Tensor left, Tensor right, long at, long bytes) {}

    /// Compares the models in two folders; throws unless the names and shapes of their tensors are
    /// equal. Maps a few megabytes at a time.
    static Difference between(Path left, Path right) throws IOException {
        Map<String, Tensor> lefts = Tensor.of(left);
        Map<String, Tensor> rights = Tensor.of(right);
        if (lefts.isEmpty() || !lefts.keySet().equals(rights.keySet())) {
            throw new BenchException("its tensors differ from those of the merge on the CPU");
        }
        List<Chunk> chunks = new ArrayList<>();
        lefts.forEach((name, tensor) -> addChunks(chunks, name, tensor, rights.get(name)));
        try {
            return chunks.parallelStream()
                    .map(Difference::of)
                    .reduce(new Difference(0, 0, 0), Difference::and);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void addChunks(List<Chunk> chunks, String name, Tensor left, Tensor right) {
        if (!left.isLike(right) || !left.dtype().equals("BF16")) {
            throw new BenchException(
                    "%s is %s [%s] instead of %s [%s]; only BF16 tensors of equal shape can be compared"
                            .formatted(
                                    name,
                                    right.dtype(),
                                    right.shape(),
                                    left.dtype(),
                                    left.shape()));
        }
        for (long at = 0; at < left.bytes(); at += CHUNK_BYTES) {
            chunks.add(new Chunk(left, right, at, Math.min(CHUNK_BYTES, left.bytes() - at)));
        }
    }

    private static Difference of(Chunk chunk) {
        try (Arena arena = Arena.ofConfined()) {
            return of(map(chunk.left(), chunk, arena), map(chunk.right(), chunk, arena));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MemorySegment map(Tensor tensor, Chunk chunk, Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(tensor.file())) {
            return channel.map(
                    FileChannel.MapMode.READ_ONLY,
                    tensor.position() + chunk.at(),
                    chunk.bytes(),
                    arena);
        }
    }

    private static Difference of(MemorySegment left, MemorySegment right) {
        long size = left.byteSize();
        long different = 0;
        int steps = 0;
        long at = 0;
        while (at < size) {
            long equal = MemorySegment.mismatch(left, at, size, right, at, size);
            if (equal < 0) {
                break;
            }
            at = (at + equal) / 2 * 2;
            for (long end = Math.min(size, at + BLOCK_BYTES); at < end; at += 2) {
                short one = left.get(BF16, at);
                short other = right.get(BF16, at);
                if (one != other) {
                    different++;
                    steps = Math.max(steps, Math.abs(rank(one) - rank(other)));
                }
            }
        }
        return new Difference(size / 2, different, steps);
    }

    /// The rank of a value among all values; both zeros have the same.
    private static int rank(short bits) {
        int magnitude = bits & 0x7FFF;
        return bits < 0 ? -magnitude : magnitude;
    }

    private Difference and(Difference other) {
        return new Difference(
                elements + other.elements,
                different + other.different,
                Math.max(steps, other.steps));
    }

    Difference max(Difference other) {
        return different > other.different ? this : other;
    }

    double share() {
        return (double) different / elements;
    }
}
