package jmergekit.remote;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import jmergekit.s3.ObjectPath;
import jmergekit.s3.ObjectStore;
import jmergekit.threads.TransferPool;
import jmergekit.weights.RemoteFile;

/// An object in a store whose tensors are read.
final class RemoteObject implements RemoteFile {
    private final Session session;
    private final ObjectPath path;
    private final ObjectStore.Found found;
    private final AtomicLong dataStart = new AtomicLong();

    /// What all remote files of a run share.
    ///
    /// @param blockBytes the size of one request for data
    /// @param received the bytes received from the store
    record Session(
            ObjectStore store,
            RunCache cache,
            BlockBudget budget,
            TransferPool transfers,
            long blockBytes,
            LongAdder received) {}

    RemoteObject(Session session, ObjectPath path, ObjectStore.Found found) {
        this.session = session;
        this.path = path;
        this.found = found;
    }

    long size() {
        return found.size();
    }

    /// Sets the offset of the first tensor.
    void setDataStart(long bytes) {
        dataStart.set(bytes);
    }

    long dataStart() {
        return dataStart.get();
    }

    /// Reads a range, which must belong to the version of the object that was found first.
    void read(long begin, long end, ObjectStore.Sink sink) {
        session.store()
                .read(
                        path,
                        found.etag(),
                        begin,
                        end,
                        (bytes, position) -> {
                            session.received().add(bytes.remaining());
                            sink.accept(bytes, position);
                        });
    }

    @Override
    public Copy open() {
        long room = Math.min(found.size(), session.budget().limit());
        session.cache().needRoom(RunCache.givesBack() ? room : found.size());
        return new BlockFile(this, session);
    }

    @Override
    public long aheadBytes() {
        return session.budget().limit() / 2;
    }
}
