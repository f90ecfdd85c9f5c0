package jmergekit.threads;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads what others will need soon, on threads of its own and a bounded distance ahead of them, so that
/// the disk works while they compute.
public final class ReadAhead implements AutoCloseable {
    private final Iterator<Piece> pieces;
    private final long distance;
    private final List<Thread> readers = new ArrayList<>();
    private @Nullable Piece next;
    private long front;
    private boolean closed;

    /// Something to read.
    ///
    /// @param position where it lies in the order in which all is needed, in bytes
    /// @param read brings it into memory; throws nothing
    public record Piece(long position, Runnable read) {}

    /// Begins to read.
    ///
    /// @param threads how many pieces are read at once
    /// @param distance most bytes ahead of what was [reached][#reached]
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

    /// Somebody needs what lies at a position now.
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
