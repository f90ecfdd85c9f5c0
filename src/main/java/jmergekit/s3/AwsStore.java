package jmergekit.s3;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.threads.Cancellation;
import jmergekit.threads.Jobs;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/// A store as the AWS SDK reaches it.
final class AwsStore implements ObjectStore {
    /// Far above any model: whoever names a bucket of a million objects has named too much.
    private static final int MOST_OBJECTS = 100_000;

    private final S3Client client;
    private final StoreRefusal refusal;
    private final Jobs jobs;

    private AwsStore(S3Client client, StoreRefusal refusal, Jobs jobs) {
        this.client = client;
        this.refusal = refusal;
        this.jobs = jobs;
    }

    /// @param jobs runs transfers beside each other
    static AwsStore of(StoreSettings settings, Jobs jobs) {
        StoreClient maker = new StoreClient(settings);
        return new AwsStore(maker.client(), new StoreRefusal(maker.server(), ExitCode.INPUT), jobs);
    }

    @Override
    public List<Found> list(ObjectPath folder) {
        List<Found> found = new ArrayList<>();
        String next = null;
        do {
            String token = next;
            ListObjectsV2Response page =
                    answer(
                            folder,
                            () ->
                                    client.listObjectsV2(r ->
                                            r.bucket(folder.bucket())
                                                    .prefix(folder.prefix())
                                                    .continuationToken(token)));
            page.contents().forEach(object -> found.add(found(object, folder)));
            if (found.size() > MOST_OBJECTS) {
                throw new MergeException(
                        refusal.problem(folder, "holds too many objects for a model")
                                .expected("at most " + MOST_OBJECTS)
                                .hint("name the folder of one model"));
            }
            next = Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
            if (next != null && next.equals(token)) {
                throw senseless(folder);
            }
        } while (next != null);
        return found;
    }

    private Found found(S3Object object, ObjectPath folder) {
        String key = text(object.key());
        Long size = object.size();
        if (!key.startsWith(folder.prefix()) || size == null) {
            throw senseless(folder);
        }
        return new Found(
                key.substring(folder.prefix().length()),
                size,
                text(object.eTag()),
                time(object.lastModified()));
    }

    private MergeException senseless(ObjectPath folder) {
        return new MergeException(
                refusal.problem(folder, "the store's list of objects makes no sense")
                        .hint("check AWS_ENDPOINT_URL"));
    }

    @Override
    public Optional<Found> find(ObjectPath object) {
        try {
            HeadObjectResponse head =
                    client.headObject(r -> r.bucket(object.bucket()).key(object.key()));
            return Optional.of(
                    new Found(
                            object.name(),
                            head.contentLength(),
                            text(head.eTag()),
                            time(head.lastModified())));
        } catch (AwsServiceException e) {
            if (e.statusCode() == 404) {
                return Optional.empty();
            }
            throw refusal.of(object, e);
        } catch (SdkException e) {
            throw refusal.of(object, e);
        }
    }

    @Override
    public void read(ObjectPath object, String etag, long begin, long end, Sink sink) {
        new RangedRead(client, refusal, object, etag, begin, end, sink).run();
    }

    @Override
    public void write(ObjectPath object, byte[] content) {
        String md5 = PartsUpload.base64(FilePart.newMd5().digest(content));
        answer(
                object,
                () ->
                        client.putObject(
                                r -> r.bucket(object.bucket()).key(object.key()).contentMD5(md5),
                                RequestBody.fromBytes(content)));
    }

    @Override
    public void upload(
            ObjectPath object, Path file, LongConsumer moved, Cancellation cancellation) {
        long size;
        try {
            size = Files.size(file);
        } catch (IOException e) {
            throw PartsUpload.unreadable(file, e);
        }
        if (size > PartsUpload.PART_BYTES) {
            new PartsUpload(client, refusal, object, file, size, moved, cancellation).run(jobs);
            return;
        }
        cancellation.check();
        put(object, new FilePart(file, 1, 0, size));
        moved.accept(size);
    }

    private void put(ObjectPath object, FilePart whole) {
        String md5;
        try {
            md5 = PartsUpload.base64(whole.md5());
        } catch (IOException e) {
            throw PartsUpload.unreadable(whole.file(), e);
        }
        answer(
                object,
                () ->
                        client.putObject(
                                r -> r.bucket(object.bucket()).key(object.key()).contentMD5(md5),
                                whole.body()));
    }

    @Override
    public void delete(List<ObjectPath> objects) {
        List<Runnable> deletions = new ArrayList<>();
        for (ObjectPath object : objects) {
            // To delete many in one request needs a checksum that not all stores know.
            deletions.add(() ->
                    answer(
                            object,
                            () ->
                                    client.deleteObject(
                                            r -> r.bucket(object.bucket()).key(object.key()))));
        }
        jobs.runAll(deletions);
    }

    private <T> T answer(ObjectPath where, Supplier<T> request) {
        try {
            return request.get();
        } catch (SdkException e) {
            throw refusal.of(where, e);
        }
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static Instant time(@Nullable Instant time) {
        return time == null ? Instant.EPOCH : time;
    }

    @Override
    public ObjectStore forOutput() {
        return new AwsStore(client, new StoreRefusal(refusal.server(), ExitCode.OUTPUT), jobs);
    }

    @Override
    public void close() {
        client.close();
    }
}
