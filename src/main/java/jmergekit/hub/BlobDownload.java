package jmergekit.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// Downloads one file of a snapshot to the cache: keeps what an earlier run left of it, fetches the
/// rest, and checks the whole file against its hash.
final class BlobDownload implements PartialFile.Sink {
    private static final int READ_BYTES = 1 << 20;

    private final Snapshot snapshot;
    private final RepoFile file;
    private final TransferProgress progress;
    private final BooleanSupplier stopped;
    private BlobHash hash;

    /// @param stopped whether to give up
    BlobDownload(
            Snapshot snapshot, RepoFile file, TransferProgress progress, BooleanSupplier stopped) {
        this.snapshot = snapshot;
        this.file = file;
        this.progress = progress;
        this.stopped = stopped;
        this.hash = BlobHash.of(file);
    }

    /// @throws MergeException if the file cannot be downloaded or written
    /// @throws java.util.concurrent.CancellationException if it was stopped
    void run() {
        RepoCache cache = snapshot.cache();
        Path lockFile = cache.lock(file);
        try (BlobLock _ = BlobLock.take(lockFile, this::sayWaiting)) {
            boolean isNew = !hasBlob();
            if (isNew && !snapshot.isThere(file)) {
                download();
            } else {
                progress.moved(file.size());
            }
            if (!snapshot.isThere(file)) {
                cache.link(file, snapshot.commit(), isNew);
            }
            cache.removeHeader(file);
        } catch (IOException e) {
            throw RepoCache.unwritable(lockFile, e);
        }
    }

    private void sayWaiting() {
        progress.note(snapshot.where(file) + ": another process is downloading it; waiting");
    }

    private boolean hasBlob() throws IOException {
        return snapshot.isSound(snapshot.cache().blob(file), file);
    }

    private void download() {
        Path incomplete = snapshot.cache().incomplete(file);
        try {
            Files.createDirectories(incomplete.getParent());
            try (FileChannel channel = RepoCache.openScratch(incomplete)) {
                fill(incomplete, channel);
            }
            if (!new HeaderFetch(snapshot, file).agreesWith(incomplete)) {
                throw changedHeader();
            }
            RepoCache.move(incomplete, snapshot.cache().blob(file));
            snapshot.verified().add(snapshot.cache().blob(file), file);
        } catch (IOException e) {
            throw RepoCache.unwritable(incomplete, e);
        }
    }

    private void fill(Path incomplete, FileChannel channel) throws IOException {
        if (channel.size() > file.size()) {
            channel.truncate(0);
        }
        long have = channel.size();
        readAgain(channel, have);
        PartialFile part =
                new PartialFile(
                        snapshot.client(),
                        snapshot.where(file),
                        snapshot.address(file),
                        file,
                        incomplete,
                        channel,
                        have,
                        this,
                        stopped);
        part.fillTo(file.size());
        String first = hash.hex();
        if (first.equals(file.etag())) {
            return;
        }
        // The fault may be in the part that an earlier run left, or that a proxy cached.
        part.restart();
        progress.note(snapshot.where(file) + ": the bytes do not match their hash; starting again");
        part.fillTo(file.size());
        String second = hash.hex();
        if (!second.equals(file.etag())) {
            channel.truncate(0);
            throw new MergeException(
                    Problem.input(snapshot.where(file), "the bytes do not match their hash")
                            .expected(file.etag())
                            .found(second)
                            .hint(
                                    "something between here and the hub changes the file; try"
                                            + " another connection"));
        }
    }

    private void readAgain(FileChannel channel, long have) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
        for (long at = 0; at < have; ) {
            buffer.clear();
            int n = channel.read(buffer, at);
            if (n < 0) {
                throw new IOException("truncated while it was read");
            }
            at += n;
            bytes(buffer.flip());
        }
    }

    private MergeException changedHeader() {
        snapshot.cache().removeHeader(file);
        return new MergeException(
                Problem.input(
                                snapshot.where(file),
                                "the beginning of the file differs from what the hub sent before")
                        .hint("run again"));
    }

    @Override
    public void bytes(ByteBuffer some) {
        progress.moved(some.remaining());
        hash.update(some);
    }

    @Override
    public void restart(long lost) {
        progress.moved(-lost);
        hash = BlobHash.of(file);
    }
}
