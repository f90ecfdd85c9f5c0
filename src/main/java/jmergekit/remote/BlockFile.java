package jmergekit.remote;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import jmergekit.pagecache.FileHoles;
import jmergekit.problem.MergeException;
import jmergekit.threads.TransferPool;
import jmergekit.weights.RemoteFile;
import org.jspecify.annotations.Nullable;

/// One reader's copy of an object: a sparse file, with a hole in place of each missing block.
///
/// A block is fetched when it is needed and missing. It is freed when all of its bytes were
/// released; the bytes before the first tensor count as released from the start. It is also freed
/// if the budget is spent and no reader is using any of its bytes.
final class BlockFile implements RemoteFile.Copy {
    private final RemoteObject object;
    private final RemoteObject.Session session;
    private final Path path;
    private final FileChannel channel;

    // All guarded by this.
    private final Map<Integer, Block> blocks = new HashMap<>();
    private final Ranges held = new Ranges();
    private final Ranges released = new Ranges();
    private boolean closed;

    private static final class Block {
        TransferPool.@Nullable Transfer transfer;
        boolean present;

        /// Whether the block no longer counts towards the budget, although it is still present.
        boolean free;
    }

    BlockFile(RemoteObject object, RemoteObject.Session session) {
        this.object = object;
        this.session = session;
        this.path = session.cache().newHoles(object.size());
        try {
            this.channel = FileChannel.open(path, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw RunCache.unwritable(path, e);
        }
        released.add(0, object.dataStart());
        session.budget().add(this);
    }

    @Override
    public Path path() {
        return path;
    }

    private int first(long begin) {
        return Math.toIntExact(begin / session.blockBytes());
    }

    private int last(long end) {
        return Math.toIntExact((end - 1) / session.blockBytes());
    }

    private long begin(int block) {
        return block * session.blockBytes();
    }

    private long end(int block) {
        return Math.min(object.size(), begin(block) + session.blockBytes());
    }

    private long bytes(int block) {
        return end(block) - begin(block);
    }

    @Override
    public synchronized void request(long begin, long end) {
        // Read-ahead may be late.
        if (closed || begin >= end || released.holdsAll(begin, end)) {
            return;
        }
        for (int i = first(begin); i <= last(end); i++) {
            if (!blocks.containsKey(i)) {
                if (!session.budget().tryTake(bytes(i))) {
                    return;
                }
                start(i, false);
            }
        }
    }

    @Override
    public void bring(long begin, long end) {
        if (begin >= end) {
            return;
        }
        synchronized (this) {
            released.remove(begin, end);
            held.add(begin, end);
        }
        boolean done = false;
        try {
            while (!arrived(begin, end)) {
                // A read-ahead transfer failed; our own transfers report the cause.
            }
            done = true;
        } finally {
            if (!done) {
                synchronized (this) {
                    held.remove(begin, end);
                }
            }
        }
    }

    private boolean arrived(long begin, long end) {
        session.budget().makeRoom(missing(begin, end));
        List<TransferPool.Transfer> own = new ArrayList<>();
        List<TransferPool.Transfer> others = new ArrayList<>();
        synchronized (this) {
            for (int i = first(begin); i <= last(end); i++) {
                Block block = blocks.get(i);
                if (block == null) {
                    session.budget().take(bytes(i));
                    own.add(start(i, true));
                } else if (!block.present) {
                    others.add(block.transfer);
                }
            }
        }
        own.forEach(TransferPool.Transfer::await);
        boolean all = true;
        for (TransferPool.Transfer transfer : others) {
            all &= succeeded(transfer);
        }
        return all;
    }

    private static boolean succeeded(TransferPool.Transfer transfer) {
        try {
            transfer.await();
            return true;
        } catch (MergeException e) {
            return false;
        }
    }

    private synchronized long missing(long begin, long end) {
        long bytes = 0;
        for (int i = first(begin); i <= last(end); i++) {
            bytes += blocks.containsKey(i) ? 0 : bytes(i);
        }
        return bytes;
    }

    // Its share of the budget is already taken.
    private TransferPool.Transfer start(int number, boolean urgent) {
        Block block = new Block();
        blocks.put(number, block);
        block.transfer = session.transfers().start(urgent, () -> fetch(number, block));
        return block.transfer;
    }

    private void fetch(int number, Block block) {
        boolean done = false;
        try {
            object.read(begin(number), end(number), this::write);
            done = true;
        } finally {
            synchronized (this) {
                if (done && !closed) {
                    block.present = true;
                    freeIfReleased(number);
                } else if (blocks.remove(number, block)) {
                    session.budget().give(bytes(number));
                }
            }
        }
    }

    private void write(ByteBuffer bytes, long position) {
        if (isClosed()) {
            throw new CancellationException();
        }
        try {
            long at = position;
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
        } catch (IOException e) {
            throw RunCache.unwritable(path, e);
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized void release(long begin, long end) {
        if (closed || begin >= end) {
            return;
        }
        held.remove(begin, end);
        released.add(begin, end);
        for (int i = first(begin); i <= last(end); i++) {
            freeIfReleased(i);
        }
    }

    private void freeIfReleased(int number) {
        if (released.holdsAll(begin(number), end(number))) {
            free(number);
        }
    }

    private void free(int number) {
        Block block = blocks.get(number);
        if (block == null || !block.present || block.free) {
            return;
        }
        session.budget().give(bytes(number));
        boolean punched =
                FileHoles.ofSystem()
                        .map(h -> h.punch(path, begin(number), end(number)))
                        .orElse(false);
        if (punched) {
            blocks.remove(number);
        } else {
            // The block stays on disk, and need not be fetched again.
            block.free = true;
        }
    }

    /// Frees blocks that no reader is using.
    ///
    /// @param bytes the number of bytes to free
    /// @param spent whether to free only blocks of which some bytes were released
    synchronized void evict(long bytes, boolean spent) {
        long left = bytes;
        for (int number : List.copyOf(blocks.keySet())) {
            if (left <= 0) {
                return;
            }
            boolean wanted =
                    held.holdsAny(begin(number), end(number))
                            || spent && !released.holdsAny(begin(number), end(number));
            if (!wanted && blocks.get(number).present && !blocks.get(number).free) {
                left -= bytes(number);
                free(number);
            }
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            blocks.forEach((number, block) -> {
                // A block that is being transferred returns its share when the transfer ends.
                if (block.present && !block.free) {
                    session.budget().give(bytes(number));
                }
            });
            blocks.values().removeIf(b -> b.present);
        }
        session.budget().remove(this);
        try (channel) {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // The end of the run removes it.
        }
    }
}
