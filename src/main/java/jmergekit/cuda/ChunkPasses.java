package jmergekit.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import jmergekit.primitive.Chunks;

/// Passes over one tensor, a chunk at a time.
///
/// A chunk is as large as a stream's device memory allows, at most [#CHUNK] elements; a tensor of
/// one chunk stays on the device from one pass to the next. The threads share the chunks of a large
/// tensor. Results do not depend on chunk boundaries.
final class ChunkPasses {
    /// Maximum number of elements of a chunk, so that several threads work on a very large tensor.
    private static final long CHUNK = 1 << 26;

    private static final long ARGUMENTS = 1 << 14;

    private final SourcesOnHost sources;
    private final Segments segments;
    private final long outputBytes;
    private final Supplier<DeviceStream> streams;
    private final Chunks chunks;

    /// @param outputBytes bytes of an output element
    /// @param streams returns the calling thread's stream
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

    /// The work of a pass on one chunk.
    interface Work<R> {
        R run(DeviceChunk chunk);
    }

    Segments segments() {
        return segments;
    }

    /// Runs a pass over all chunks in parallel.
    ///
    /// @return the results in the order of the chunks
    <R> List<R> run(Workspace workspace, Work<R> work) {
        List<Segments.Part> parts = parts(workspace);
        return chunks.each(parts.size(), i -> run(parts.get(i), workspace, work)).stream()
                .flatMap(List::stream)
                .toList();
    }

    /// Runs a pass over all chunks sequentially.
    <R> List<R> runInOrder(Workspace workspace, Work<R> work) {
        List<R> results = new ArrayList<>();
        for (Segments.Part part : parts(workspace)) {
            results.addAll(run(part, workspace, work));
        }
        return results;
    }

    private List<Segments.Part> parts(Workspace workspace) {
        long ofElement =
                bytesOfElement()
                        + Math.ceilDiv(workspace.ofSegment(), segments.longest())
                        + Math.ceilDiv(workspace.ofRow(), segments.rowLength());
        long left = streams.get().limit() - fixedBytes(workspace);
        return segments.parts(Math.clamp(left / ofElement, 1, CHUNK));
    }

    private <R> List<R> run(Segments.Part part, Workspace workspace, Work<R> work) {
        DeviceStream stream = streams.get();
        Optional<R> result =
                stream.gpu().share(() -> tryToLoad(part, workspace, stream).map(work::run));
        if (result.isPresent()) {
            return List.of(result.get());
        }
        if (part.isOne()) {
            return List.of(stream.gpu().alone(() -> work.run(load(part, workspace, stream))));
        }
        List<R> results = new ArrayList<>();
        part.halves().forEach(half -> results.addAll(run(half, workspace, work)));
        return results;
    }

    private Optional<DeviceChunk> tryToLoad(
            Segments.Part part, Workspace workspace, DeviceStream stream) {
        try {
            return Optional.of(load(part, workspace, stream));
        } catch (CudaException e) {
            if (e.isOutOfMemory()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private DeviceChunk load(Segments.Part part, Workspace workspace, DeviceStream stream) {
        long from = segments.start(part.first());
        long n = segments.start(part.end()) - from;
        boolean lost = stream.reserve(bytes(part, n, workspace));
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

    private long bytes(Segments.Part part, long n, Workspace workspace) {
        long rows = Math.ceilDiv(n, Math.min(segments.rowLength(), Segments.RUN));
        return n * bytesOfElement()
                + (part.end() - part.first()) * workspace.ofSegment()
                + rows * workspace.ofRow()
                + fixedBytes(workspace);
    }

    // In addition to sources and output: a measure, a mask for each source, and two more to combine
    // masks.
    private long bytesOfElement() {
        return sources.bytesOfElement() + outputBytes + Float.BYTES + sources.count() + 2;
    }

    private long fixedBytes(Workspace workspace) {
        return workspace.fixed()
                + ARGUMENTS
                + DeviceStream.aligned(1) * 16 * (sources.count() + 4L);
    }
}
