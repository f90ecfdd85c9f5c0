package jmergekit.shards;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/// The writes of several threads to one file, one at a time.
///
/// File systems let only one thread at a time write to a file, and make the others spin: with two
/// threads, spinning took as much time as writing. A thread that finds the file busy therefore
/// leaves a copy of its bytes to the writing thread, and continues. If no buffer is free, it waits.
final class WriteQueue {
    private final Target target;
    private final WriteBuffers buffers;
    private final ReentrantLock writing = new ReentrantLock();
    private final Queue<Piece> waiting = new ConcurrentLinkedQueue<>();

    /// The target of the bytes; called by one thread at a time.
    interface Target {
        void write(MemorySegment bytes, long position) throws IOException;
    }

    private record Piece(WriteBuffers.Filled bytes, long position) {}

    WriteQueue(Target target, WriteBuffers buffers) {
        this.target = target;
        this.buffers = buffers;
    }

    /// Writes bytes now or later; the caller may overwrite them after this returns. A failure may
    /// concern bytes that another thread left here.
    void write(MemorySegment bytes, long position) throws IOException {
        if (!writing.tryLock()) {
            WriteBuffers.Filled copy = buffers.fill(bytes);
            if (copy != null) {
                waiting.add(new Piece(copy, position));
                // The writing thread may have checked the queue before this was added.
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

    /// Writes what is waiting, and waits for running writes.
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
