package jmergekit.engine;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import jmergekit.plan.TensorTask;
import jmergekit.primitive.Chunks;
import jmergekit.problem.MergeException;
import jmergekit.threads.ReadAhead;

/// Brings the pages of input files into memory before tasks need them. A page that a task finds missing
/// stops it until the disk has answered, and the disk has nothing to do while the task computes.
final class InputReadAhead implements AutoCloseable {
    /// Ahead of the task that is furthest. It covers the tensors that come next in most models, so
    /// that a task that begins finds all of its own there, and is a small part of 8 GB of memory.
    private static final long DISTANCE = 256L << 20;

    /// The same where some files are remote: an answer takes tens of milliseconds, in which a fast
    /// network brings hundreds of megabytes.
    private static final long MOST_REMOTE_DISTANCE = 1L << 30;

    /// More would find nothing to read within that distance.
    private static final int MOST_READERS = (int) (DISTANCE / FileReads.PIECE);

    /// Less is read by the time that threads have started.
    private static final long WORTHWHILE = 64L << 20;

    private final FileReads reads;
    private final Optional<ReadAhead> readAhead;

    /// @param readers how many pieces are read at once; with 0 nothing is read ahead
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
            // The task that needs it will find the same, and say of which tensor it is.
        }
    }

    /// Chunks of a task, of which the readers keep ahead.
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
