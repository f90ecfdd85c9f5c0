package jmergekit.threads;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads data that will be needed soon, on separate threads and a bounded distance ahead of its
/// use, so that the disk works while other threads compute.
public final class ReadAhead implements AutoCloseable {
    private final Iterator<Piece> pieces;
    private final long distance;
    private final List<Thread> readers = new ArrayList<>();
    private @Nullable Piece next;
    private long front;
    private boolean closed;

    /// A piece to read.
    ///
    /// @param position its position, in bytes, in the order in which everything is needed
    /// @param read loads it into memory; must not throw
    public record Piece(long position, Runnable read) {}

    /// Starts reading.
    ///
    /// @param threads the number of pieces read at once
    /// @param distance the most bytes ahead of the [position reached][#reached]
    /// @param pieces in the order of their positions
    public ReadAhead(int threads, long distance, Iterator<Piece> pieces) {
        this.pieces = pieces;
        this.distance = distance;
        boolean started = false;
        try {
            for (int i = 0; i < threads; i++) {
                readers.add(
                        Thread.ofPlatform().daemon().name("read-ahead-" + i).start(this::readAll));
            }
            started = true;
        } finally {
            if (!started) {
                close();
            }
        }
    }

    /// Reports that the data at a position is needed now.
    public synchronized void reached(long position) {
        if (position > front) {
            front = position;
            notifyAll();
        }
    }

    private void readAll() {
        Piece piece = take();
        while (piece != null) {
            piece.read.run();
            piece = take();
        }
    }

    private synchronized @Nullable Piece take() {
        while (!closed) {
            if (next == null && pieces.hasNext()) {
                next = pieces.next();
            }
            if (next == null) {
                return null;
            }
            if (next.position - front <= distance) {
                Piece taken = next;
                next = null;
                return taken;
            }
            try {
                wait();
            } catch (InterruptedException _) {
                return null;
            }
        }
        return null;
    }

    /// Stops, and waits for the pieces that are being read.
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        boolean interrupted = false;
        for (Thread reader : readers) {
            while (reader.isAlive()) {
                try {
                    reader.join();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
