package jmergekit.s3;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.threads.Cancellation;
import jmergekit.threads.ExitAction;
import jmergekit.threads.Jobs;
import jmergekit.weights.IoReason;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/// Uploads one large file to a store, in parallel parts. The object appears when all parts are
/// uploaded; until then the parts are invisible. If one part fails, the upload is aborted.
final class PartsUpload {
    /// Each part is one request, and is sent again as a whole.
    static final long PART_BYTES = 16L << 20;

    /// The protocol's limit.
    private static final int MOST_PARTS = 10_000;

    private static final long ROUND = 1 << 20;

    /// How long an exiting program waits for running parts.
    private static final int LONGEST_END_SECONDS = 5;

    private final S3Client client;
    private final StoreRefusal refusal;
    private final ObjectPath object;
    private final Path file;
    private final LongConsumer moved;
    private final Cancellation cancellation;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<FilePart> parts;
    private final byte[][] hashes;
    private final @Nullable CompletedPart[] completed;
    private volatile @Nullable String id;
    private boolean done;

    PartsUpload(
            S3Client client,
            StoreRefusal refusal,
            ObjectPath object,
            Path file,
            long size,
            LongConsumer moved,
            Cancellation cancellation) {
        this.client = client;
        this.refusal = refusal;
        this.object = object;
        this.file = file;
        this.moved = moved;
        this.cancellation = cancellation;
        this.parts = parts(file, size);
        this.hashes = new byte[parts.size()][];
        this.completed = new CompletedPart[parts.size()];
    }

    static List<FilePart> parts(Path file, long size) {
        long fewest = Math.ceilDiv(size, MOST_PARTS);
        long bytes = Math.max(PART_BYTES, Math.ceilDiv(fewest, ROUND) * ROUND);
        return IntStream.range(0, Math.toIntExact(Math.ceilDiv(size, bytes)))
                .mapToObj(i ->
                        new FilePart(file, i + 1, i * bytes, Math.min(bytes, size - i * bytes)))
                .toList();
    }

    /// @param jobs runs uploads of parts in parallel
    void run(Jobs jobs) {
        cancellation.check();
        // Parts of uploads that are never completed cost money, and no listing shows them. The exit
        // action is therefore added before the upload starts: no signal can fall between the two.
        try (ExitAction _ = ExitAction.add(this::abortAtExit)) {
            try {
                create();
                List<Runnable> uploads = new ArrayList<>();
                parts.forEach(p -> uploads.add(() -> upload(p)));
                jobs.runAll(uploads);
                cancellation.check();
                complete();
                done = true;
            } finally {
                if (!done) {
                    abort();
                }
                ended.countDown();
            }
        }
    }

    private void create() {
        try {
            id =
                    client.createMultipartUpload(r -> r.bucket(object.bucket()).key(object.key()))
                            .uploadId();
        } catch (SdkException e) {
            throw refusal.of(object, e);
        }
    }

    // A part that arrives after the upload was aborted stays.
    private void abortAtExit() {
        cancellation.cancel();
        try {
            if (!ended.await(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
                abort();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void upload(FilePart part) {
        cancellation.check();
        int i = part.number() - 1;
        try {
            hashes[i] = part.md5();
            String etag =
                    client.uploadPart(
                                    r ->
                                            r.bucket(object.bucket())
                                                    .key(object.key())
                                                    .uploadId(id)
                                                    .partNumber(part.number())
                                                    .contentMD5(base64(hashes[i])),
                                    part.body())
                            .eTag();
            completed[i] = CompletedPart.builder().partNumber(part.number()).eTag(etag).build();
        } catch (SdkException e) {
            throw refusal.of(object, e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        moved.accept(part.bytes());
    }

    private void complete() {
        try {
            client.completeMultipartUpload(r ->
                    r.bucket(object.bucket())
                            .key(object.key())
                            .uploadId(id)
                            .multipartUpload(u -> u.parts(completed)));
        } catch (SdkException e) {
            // The upload may have succeeded, and only the response was lost.
            if (!isThere()) {
                throw refusal.of(object, e);
            }
        }
    }

    private boolean isThere() {
        try {
            String etag =
                    client.headObject(r -> r.bucket(object.bucket()).key(object.key())).eTag();
            return Objects.equals(etag, etag());
        } catch (SdkException e) {
            return false;
        }
    }

    // The ETag of an object in parts: the hash of their hashes, and their number.
    private String etag() {
        MessageDigest md5 = FilePart.newMd5();
        for (byte[] hash : hashes) {
            md5.update(hash);
        }
        return "\"" + HexFormat.of().formatHex(md5.digest()) + "-" + hashes.length + "\"";
    }

    private void abort() {
        if (id == null) {
            return;
        }
        try {
            client.abortMultipartUpload(
                    r -> r.bucket(object.bucket()).key(object.key()).uploadId(id));
        } catch (SdkException e) {
            // The user should see the earlier failure.
        }
    }

    static String base64(byte[] hash) {
        return Base64.getEncoder().encodeToString(hash);
    }

    static MergeException unreadable(Path file, IOException e) {
        return new MergeException(
                Problem.output(file.toString(), "cannot be uploaded: " + IoReason.of(e)), e);
    }
}
