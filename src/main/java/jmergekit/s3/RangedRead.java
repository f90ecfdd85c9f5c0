package jmergekit.s3;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import jmergekit.problem.MergeException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// One read of a range of an object. If the connection breaks, the read continues where it stopped.
final class RangedRead {
    private static final int AT_ONCE = 256 << 10;
    private static final int TRIES = 5;
    private static final Duration FIRST_WAIT = Duration.ofMillis(200);

    /// A slow store must send [#LEAST_BYTES] in this time.
    private static final Duration WATCHED = Duration.ofSeconds(60);

    /// A connection that sends fewer bytes before it breaks counts as a failure: otherwise a store
    /// that sends one byte each time would be retried forever.
    private static final long LEAST_BYTES = 64 << 10;

    private final S3Client client;
    private final StoreRefusal refusal;
    private final ObjectPath object;
    private final String etag;
    private final long end;
    private final ObjectStore.Sink sink;

    // The offset of the next byte.
    private long at;

    /// The object, or the response, is not the requested one.
    private static final class Wrong extends IOException {
        private static final long serialVersionUID = 1L;

        Wrong(String what) {
            super(what);
        }
    }

    RangedRead(
            S3Client client,
            StoreRefusal refusal,
            ObjectPath object,
            String etag,
            long begin,
            long end,
            ObjectStore.Sink sink) {
        this.client = client;
        this.refusal = refusal;
        this.object = object;
        this.etag = etag;
        this.at = begin;
        this.end = end;
        this.sink = sink;
    }

    void run() {
        int failures = 0;
        while (at < end) {
            long before = at;
            try {
                once();
            } catch (SdkException e) {
                // The SDK has already retried.
                throw failed(e);
            } catch (Wrong e) {
                throw refusal.wrong(object, String.valueOf(e.getMessage()));
            } catch (IOException e) {
                failures = at - before >= LEAST_BYTES ? 1 : failures + 1;
                if (failures >= TRIES || !waited(failures)) {
                    throw refusal.cut(object, e);
                }
            }
        }
    }

    private void once() throws IOException {
        GetObjectRequest.Builder request =
                GetObjectRequest.builder()
                        .bucket(object.bucket())
                        .key(object.key())
                        .range("bytes=" + at + "-" + (end - 1));
        if (!etag.isEmpty()) {
            request.ifMatch(etag);
        }
        ResponseInputStream<GetObjectResponse> body = client.getObject(request.build());
        boolean whole = false;
        try {
            check(body.response());
            copy(body);
            whole = true;
        } finally {
            if (whole) {
                body.close();
            } else {
                // Closing it would first read the rest.
                body.abort();
            }
        }
    }

    // Not every server respects every header.
    private void check(GetObjectResponse response) throws Wrong {
        if (!etag.isEmpty() && response.eTag() != null && !etag.equals(response.eTag())) {
            throw refusal.changed(object);
        }
        String range = response.contentRange();
        boolean isRange =
                range == null ? at == 0 : range.startsWith("bytes " + at + "-" + (end - 1) + "/");
        Long length = response.contentLength();
        if (!isRange || length != null && length != end - at) {
            throw new Wrong(
                    "%s, %s bytes, for bytes %d to %d"
                            .formatted(range == null ? "no range" : range, length, at, end - 1));
        }
    }

    private void copy(ResponseInputStream<GetObjectResponse> body) throws IOException {
        byte[] buffer = new byte[(int) Math.min(AT_ONCE, end - at)];
        long started = System.nanoTime();
        long received = 0;
        while (at < end) {
            int n = body.read(buffer, 0, (int) Math.min(buffer.length, end - at));
            if (n < 0) {
                throw new IOException("the connection was closed");
            }
            sink.accept(ByteBuffer.wrap(buffer, 0, n), at);
            at += n;
            received += n;
            if (System.nanoTime() - started > WATCHED.toNanos()) {
                if (received < LEAST_BYTES) {
                    throw new IOException(
                            "only %d bytes came in %d s".formatted(received, WATCHED.toSeconds()));
                }
                started = System.nanoTime();
                received = 0;
            }
        }
    }

    private static boolean waited(int failures) {
        try {
            Thread.sleep(FIRST_WAIT.multipliedBy(1L << (failures - 1)));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private MergeException failed(SdkException e) {
        // 412: the ETag is different. 416: the object has become shorter.
        boolean changed =
                e instanceof SdkServiceException s
                        && (s.statusCode() == 412 || s.statusCode() == 416);
        return changed ? refusal.changed(object) : refusal.of(object, e);
    }
}
