package jmergekit.engine;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import jmergekit.plan.TensorTask;
import jmergekit.primitive.Chunks;
import jmergekit.problem.MergeException;
import jmergekit.threads.ReadAhead;

/// Loads the pages of input files into memory before tasks need them. Otherwise, a task waits for
/// the disk at each missing page, and the disk is idle while the task computes.
final class InputReadAhead implements AutoCloseable {
    /// The distance ahead of the task that is furthest. In most models it covers the tensors that
    /// come next, so that a new task finds all of its data loaded, and it is a small part of 8 GB
    /// of memory.
    private static final long DISTANCE = 256L << 20;

    /// The same if some files are remote: a response takes tens of milliseconds, in which a fast
    /// network transfers hundreds of megabytes.
    private static final long MOST_REMOTE_DISTANCE = 1L << 30;

    /// With more readers, some would have nothing to read within that distance.
    private static final int MOST_READERS = (int) (DISTANCE / FileReads.PIECE);

    /// A smaller amount is read before threads have started.
    private static final long WORTHWHILE = 64L << 20;

    private final FileReads reads;
    private final Optional<ReadAhead> readAhead;

    /// @param readers the number of pieces read at once; 0 disables reading ahead
    InputReadAhead(FileReads reads, OpenFiles files, int readers) {
        this.reads = reads;
        Iterator<FileReads.Located> pieces = reads.pieces();
        long remote = Math.min(files.remoteAheadBytes(), MOST_REMOTE_DISTANCE);
        long distance = remote == 0 ? DISTANCE : remote;
        this.readAhead =
                readers == 0 || reads.bytes() < WORTHWHILE && remote == 0
                        ? Optional.empty()
                        : Optional.of(
                                new ReadAhead(
                                        Math.min(readers, MOST_READERS),
                                        distance,
                                        located(pieces, files)));
    }

    private static Iterator<ReadAhead.Piece> located(
            Iterator<FileReads.Located> pieces, OpenFiles files) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return pieces.hasNext();
            }

            @Override
            public ReadAhead.Piece next() {
                FileReads.Located piece = pieces.next();
                return new ReadAhead.Piece(piece.position(), () -> read(piece.range(), files));
            }
        };
    }

    private static void read(FileReads.Range range, OpenFiles files) {
        try {
            files.readAhead(range.stored(), range.begin(), range.end());
        } catch (MergeException _) {
            // The task that needs the data will fail in the same way, and report the tensor.
        }
    }

    /// The chunks of a task; the readers stay ahead of them.
    Chunks chunks(TensorTask task, Chunks chunks) {
        return readAhead.<Chunks>map(r -> new TaskChunks(chunks, reads.of(task), r)).orElse(chunks);
    }

    private record TaskChunks(Chunks chunks, FileReads.Stretch stretch, ReadAhead readAhead)
            implements Chunks {
        TaskChunks {
            readAhead.reached(stretch.position());
        }

        @Override
        public <R> List<R> map(long elements, Work<R> work) {
            return chunks.map(
                    elements,
                    (chunk, scratch) -> {
                        readAhead.reached(stretch.at((double) chunk.from() / elements));
                        return work.run(chunk, scratch);
                    });
        }

        @Override
        public <R> List<R> each(int count, IntFunction<R> work) {
            return chunks.each(
                    count,
                    i -> {
                        readAhead.reached(stretch.at((double) i / count));
                        return work.apply(i);
                    });
        }
    }

    @Override
    public void close() {
        readAhead.ifPresent(ReadAhead::close);
    }
}
