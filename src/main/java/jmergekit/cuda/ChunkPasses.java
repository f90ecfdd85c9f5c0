package jmergekit.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import jmergekit.primitive.Chunks;

/// Passes over one tensor, a chunk at a time.
///
/// A chunk is as large as the device memory of a stream allows, at most [#CHUNK] elements; a tensor
/// of one chunk stays on the device from one pass to the next. The threads share out the chunks of
/// a large tensor. Nothing that is computed depends on where chunks begin.
final class ChunkPasses {
    /// Most elements of a chunk, so that several threads work on a very large tensor.
    private static final long CHUNK = 1 << 26;

    private static final long ARGUMENTS = 1 << 14;

    private final SourcesOnHost sources;
    private final Segments segments;
    private final long outputBytes;
    private final Supplier<DeviceStream> streams;
    private final Chunks chunks;

    /// @param outputBytes of an element
    /// @param streams gives the calling thread's stream
    ChunkPasses(
            SourcesOnHost sources,
            Segments segments,
            long outputBytes,
            Supplier<DeviceStream> streams,
            Chunks chunks) {
        this.sources = sources;
        this.segments = segments;
        this.outputBytes = outputBytes;
        this.streams = streams;
        this.chunks = chunks;
    }

    /// What a pass does with a chunk.
    interface Work<R> {
        R run(DeviceChunk chunk);
    }

    Segments segments() {
        return segments;
    }

    /// Runs a pass over all chunks, beside each other.
    ///
    /// @return the results in the order of the chunks
    <R> List<R> run(Room room, Work<R> work) {
        List<Segments.Part> parts = parts(room);
        return chunks.each(parts.size(), i -> run(parts.get(i), room, work)).stream()
                .flatMap(List::stream)
                .toList();
    }

    /// Runs a pass over all chunks, one after the other.
    <R> List<R> runInOrder(Room room, Work<R> work) {
        List<R> results = new ArrayList<>();
        for (Segments.Part part : parts(room)) {
            results.addAll(run(part, room, work));
        }
        return results;
    }

    private List<Segments.Part> parts(Room room) {
        long ofElement =
                bytesOfElement()
                        + Math.ceilDiv(room.ofSegment(), segments.longest())
                        + Math.ceilDiv(room.ofRow(), segments.rowLength());
        long left = streams.get().limit() - fixedBytes(room);
        return segments.parts(Math.clamp(left / ofElement, 1, CHUNK));
    }

    private <R> List<R> run(Segments.Part part, Room room, Work<R> work) {
        DeviceStream stream = streams.get();
        Optional<R> result = stream.gpu().share(() -> tryToLoad(part, room, stream).map(work::run));
        if (result.isPresent()) {
            return List.of(result.get());
        }
        if (part.isOne()) {
            return List.of(stream.gpu().alone(() -> work.run(load(part, room, stream))));
        }
        List<R> results = new ArrayList<>();
        part.halves().forEach(half -> results.addAll(run(half, room, work)));
        return results;
    }

    private Optional<DeviceChunk> tryToLoad(Segments.Part part, Room room, DeviceStream stream) {
        try {
            return Optional.of(load(part, room, stream));
        } catch (CudaException e) {
            if (e.isOutOfMemory()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private DeviceChunk load(Segments.Part part, Room room, DeviceStream stream) {
        long from = segments.start(part.first());
        long n = segments.start(part.end()) - from;
        boolean lost = stream.reserve(bytes(part, n, room));
        LoadedChunk loaded = stream.loaded();
        if (lost || loaded == null || loaded.tensor() != sources || !loaded.part().equals(part)) {
            loaded = upload(part, from, n, stream);
        }
        stream.release(loaded.used());
        return new DeviceChunk(stream, sources, loaded, segments);
    }

    private LoadedChunk upload(Segments.Part part, long from, long n, DeviceStream stream) {
        stream.setLoaded(null);
        stream.release(0);
        long[] places = new long[sources.count()];
        for (int i = 0; i < places.length; i++) {
            places[i] = stream.allocate(n * sources.dtype(i).bytes());
            sources.upload(i, from, n, stream, places[i]);
        }
        LoadedChunk loaded = new LoadedChunk(sources, part, from, n, places, stream.used());
        stream.setLoaded(loaded);
        return loaded;
    }

    private long bytes(Segments.Part part, long n, Room room) {
        long rows = Math.ceilDiv(n, Math.min(segments.rowLength(), Segments.RUN));
        return n * bytesOfElement()
                + (part.end() - part.first()) * room.ofSegment()
                + rows * room.ofRow()
                + fixedBytes(room);
    }

    // Besides sources and output: a measure, a mask for each source, and two more to combine masks.
    private long bytesOfElement() {
        return sources.bytesOfElement() + outputBytes + Float.BYTES + sources.count() + 2;
    }

    private long fixedBytes(Room room) {
        return room.fixed() + ARGUMENTS + DeviceStream.aligned(1) * 16 * (sources.count() + 4L);
    }
}
