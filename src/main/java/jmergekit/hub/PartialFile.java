package jmergekit.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// A file of the hub that is filled from front to back. It resumes where it stopped when a
/// connection breaks.
final class PartialFile {
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int PARTIAL_CONTENT = 206;
    private static final int SLOWEST_BYTES_PER_SECOND = 1000;

    /// Receives the bytes of a file, in order.
    interface Sink {
        void bytes(ByteBuffer some);

        /// Discards all bytes so far.
        void restart(long lost);
    }

    private final HubClient client;
    private final HubRequest request;
    private final RepoFile file;
    private final Path path;
    private final FileChannel channel;
    private final Sink sink;
    private final BooleanSupplier stopped;
    private long have;

    /// @param address the address of the whole file
    /// @param path the path of `channel`, for messages
    /// @param have bytes that the channel holds and the sink has received
    /// @param stopped whether to give up
    PartialFile(
            HubClient client,
            String where,
            URI address,
            RepoFile file,
            Path path,
            FileChannel channel,
            long have,
            Sink sink,
            BooleanSupplier stopped) {
        this.client = client;
        this.request = HubRequest.get(where, address);
        this.file = file;
        this.path = path;
        this.channel = channel;
        this.have = have;
        this.sink = sink;
        this.stopped = stopped;
    }

    /// Fills the channel up to an offset.
    ///
    /// @throws MergeException if the server refuses, fails too often, or the disk cannot be written
    /// @throws CancellationException if it was stopped
    void fillTo(long end) {
        Retries retries = client.retries(request.where());
        while (have < end) {
            long before = have;
            try {
                fetch(end);
            } catch (IOException e) {
                if (have > before) {
                    retries.progressed();
                }
                retries.failed(e);
            }
        }
    }

    private void fetch(long end) throws IOException {
        boolean whole = have == 0 && end == file.size();
        try (HubResponse response = client.once(whole ? request : request.range(have, end - 1))) {
            if (response.status() == RANGE_NOT_SATISFIABLE && have > 0) {
                restart();
                throw new IOException("the server does not have the rest of the file");
            }
            checkHash(response.orRefuse(client.hasToken()));
            checkPlace(response);
            copy(response, end);
        }
    }

    private void checkHash(HubResponse response) {
        Optional<String> hash = response.linkedHash();
        if (hash.isPresent() && !hash.get().equals(file.etag())) {
            throw new MergeException(
                    Problem.input(request.where(), "the file is not the one in the hub's list")
                            .expected("hash " + file.etag())
                            .found(hash.get())
                            .hint(
                                    "run again; if that does not help, HF_ENDPOINT names a stale"
                                            + " mirror"));
        }
    }

    // A server may ignore a range and send the whole file, or send a different range.
    private void checkPlace(HubResponse response) throws IOException {
        if (response.status() == PARTIAL_CONTENT) {
            Optional<HubResponse.Range> range = response.contentRange();
            if (range.isEmpty()
                    || range.get().from() != have
                    || range.get().size() != file.size()) {
                restart();
                throw new IOException("the server sent a different range than requested");
            }
            return;
        }
        if (have > 0) {
            restart();
        }
        if (response.contentLength().orElse(file.size()) != file.size()) {
            throw new IOException(
                    "the server sent a file of %d bytes instead of %d"
                            .formatted(response.contentLength().getAsLong(), file.size()));
        }
    }

    private void copy(HubResponse response, long end) throws IOException {
        long start = System.nanoTime();
        long first = have;
        while (have < end) {
            List<ByteBuffer> some = response.body().next();
            double seconds = (System.nanoTime() - start) / 1e9;
            if (seconds > client.settings().patience().toSeconds() * 2
                    && have - first < seconds * SLOWEST_BYTES_PER_SECOND) {
                throw new MergeException(
                        Problem.input(request.where(), "the server is sending the file too slowly")
                                .expected(SLOWEST_BYTES_PER_SECOND + " bytes a second or more")
                                .found(
                                        String.format(
                                                Locale.ROOT,
                                                "%d bytes in %.0f s",
                                                have - first,
                                                seconds))
                                .hint("try again later: the downloaded part is kept"));
            }
            if (some.isEmpty()) {
                throw new IOException("the connection was closed");
            }
            for (ByteBuffer buffer : some) {
                if (buffer.remaining() > end - have) {
                    buffer.limit(buffer.position() + (int) (end - have));
                }
                append(buffer);
            }
            if (stopped.getAsBoolean()) {
                throw new CancellationException();
            }
        }
    }

    private void append(ByteBuffer bytes) {
        int n = bytes.remaining();
        sink.bytes(bytes);
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes, have + n - bytes.remaining());
            }
        } catch (IOException e) {
            throw RepoCache.unwritable(path, e);
        }
        have += n;
    }

    /// Starts again from the beginning.
    void restart() {
        try {
            channel.truncate(0);
        } catch (IOException e) {
            throw RepoCache.unwritable(path, e);
        }
        sink.restart(have);
        have = 0;
    }
}
