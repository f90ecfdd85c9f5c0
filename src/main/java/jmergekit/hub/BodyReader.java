package jmergekit.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The body of a response, piece by piece. It detects a server that stops sending, for which a
/// stream of the JDK's client would wait forever.
final class BodyReader implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {
    private static final Duration LONG = Duration.ofSeconds(3);

    /// A body that does not end in time.
    static final class TooSlowException extends IOException {
        private static final long serialVersionUID = 1L;

        TooSlowException(Duration longest, int bytes) {
            super(
                    "the server took over %d s to send only %d bytes"
                            .formatted(longest.toSeconds(), bytes));
        }
    }

    private sealed interface Event {}

    private record Bytes(List<ByteBuffer> buffers) implements Event {}

    private record Failure(Throwable cause) implements Event {}

    private record End() implements Event {}

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Duration patience;
    private volatile Flow.@Nullable Subscription subscription;

    /// @param patience the longest silence
    BodyReader(Flow.Publisher<List<ByteBuffer>> body, Duration patience) {
        this.patience = patience;
        body.subscribe(this);
    }

    /// The next bytes; empty at the end.
    ///
    /// @throws IOException if the connection fails or no data arrives for too long
    List<ByteBuffer> next() throws IOException {
        try {
            return switch (events.poll(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                case null -> throw silent();
                case Bytes(List<ByteBuffer> buffers) -> {
                    request();
                    yield buffers;
                }
                case Failure(Throwable cause) ->
                        throw new IOException("the connection was closed", cause);
                case End() -> List.of();
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private IOException silent() {
        close();
        return new IOException("the server sent nothing for %d s".formatted(patience.toSeconds()));
    }

    /// Reads a small body, or its beginning. A server may send a byte now and then and never
    /// finish.
    ///
    /// @param most the most bytes to read
    /// @param slow called once, with the number of bytes so far, if it takes long
    /// @throws TooSlowException if it takes twice the longest silence
    byte[] read(int most, IntConsumer slow) throws IOException {
        long start = System.nanoTime();
        Duration longest = patience.multipliedBy(2);
        boolean told = false;
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (List<ByteBuffer> some = next(); !some.isEmpty(); some = next()) {
            Duration taken = Duration.ofNanos(System.nanoTime() - start);
            if (taken.compareTo(longest) > 0) {
                close();
                throw new TooSlowException(longest, all.size());
            }
            if (!told && taken.compareTo(LONG) > 0) {
                told = true;
                slow.accept(all.size());
            }
            for (ByteBuffer buffer : some) {
                byte[] bytes = new byte[Math.min(buffer.remaining(), most - all.size())];
                buffer.get(bytes);
                all.write(bytes);
            }
            if (all.size() == most) {
                break;
            }
        }
        return all.toByteArray();
    }

    private void request() {
        Flow.Subscription current = subscription;
        if (current != null) {
            current.request(1);
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription s) {
        subscription = s;
        s.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        if (buffers.isEmpty()) {
            request();
        } else {
            events.add(new Bytes(buffers));
        }
    }

    @Override
    public void onError(Throwable cause) {
        events.add(new Failure(cause));
    }

    @Override
    public void onComplete() {
        events.add(new End());
    }

    /// Discards the rest of the body.
    @Override
    public void close() {
        Flow.Subscription current = subscription;
        if (current != null) {
            current.cancel();
        }
    }
}
