package jmergekit.shards;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/// The writes of several threads to one file, one at a time.
///
/// File systems let one thread at a time write to a file, and make the others spin: with two threads
/// as much time went into that as into the writing. So a thread that finds the file busy leaves a copy
/// of its bytes to the thread that writes, and goes on. When no buffer is free, it waits.
final class WriteQueue {
    private final Target target;
    private final WriteBuffers buffers;
    private final ReentrantLock writing = new ReentrantLock();
    private final Queue<Piece> waiting = new ConcurrentLinkedQueue<>();

    /// Where bytes go; called by one thread at a time.
    interface Target {
        void write(MemorySegment bytes, long position) throws IOException;
    }

    private record Piece(WriteBuffers.Filled bytes, long position) {}

    WriteQueue(Target target, WriteBuffers buffers) {
        this.target = target;
        this.buffers = buffers;
    }

    /// Writes bytes now or later; they may be overwritten once this returns. A failure may be that of
    /// bytes that another thread left here.
    void write(MemorySegment bytes, long position) throws IOException {
        if (!writing.tryLock()) {
            WriteBuffers.Filled copy = buffers.fill(bytes);
            if (copy != null) {
                waiting.add(new Piece(copy, position));
                // The thread that wrote may have looked before this was there.
                writeWaiting();
                return;
            }
            writing.lock();
        }
        try {
            target.write(bytes, position);
        } finally {
            writing.unlock();
        }
        writeWaiting();
    }

    private void writeWaiting() throws IOException {
        while (!waiting.isEmpty() && writing.tryLock()) {
            try {
                writeNext();
            } finally {
                writing.unlock();
            }
        }
    }

    private void writeNext() throws IOException {
        Piece piece = waiting.poll();
        if (piece != null) {
            try {
                target.write(piece.bytes.segment(), piece.position);
            } finally {
                buffers.free(piece.bytes);
            }
        }
    }

    /// Writes what is waiting, and waits for what is being written.
    void flush() throws IOException {
        writing.lock();
        try {
            while (!waiting.isEmpty()) {
                writeNext();
            }
        } finally {
            writing.unlock();
        }
    }
}
