package jmergekit.s3;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import jmergekit.problem.ExitCode;
import jmergekit.threads.Cancellation;
import jmergekit.threads.Jobs;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/// A store that is accessed through the AWS SDK.
final class AwsStore implements ObjectStore {
    private final S3Client client;
    private final StoreRefusal refusal;
    private final Jobs jobs;

    private AwsStore(S3Client client, StoreRefusal refusal, Jobs jobs) {
        this.client = client;
        this.refusal = refusal;
        this.jobs = jobs;
    }

    /// @param jobs runs transfers in parallel
    static AwsStore of(StoreSettings settings, Jobs jobs) {
        StoreClient maker = new StoreClient(settings);
        return new AwsStore(maker.client(), new StoreRefusal(maker.server(), ExitCode.INPUT), jobs);
    }

    @Override
    public List<Found> list(ObjectPath folder) {
        return new Listing(client, refusal, folder).objects();
    }

    @Override
    public Optional<Found> find(ObjectPath object) {
        try {
            HeadObjectResponse head =
                    client.headObject(r -> r.bucket(object.bucket()).key(object.key()));
            if (head.contentLength() == null) {
                throw refusal.wrong(object, "an object without a size");
            }
            return Optional.of(
                    new Found(
                            object.name(),
                            head.contentLength(),
                            Objects.requireNonNullElse(head.eTag(), ""),
                            Objects.requireNonNullElse(head.lastModified(), Instant.EPOCH)));
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
            // Deleting many objects in one request needs a checksum that not all stores support.
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

    @Override
    public ObjectStore forOutput() {
        return new AwsStore(client, new StoreRefusal(refusal.server(), ExitCode.OUTPUT), jobs);
    }

    @Override
    public void close() {
        client.close();
    }
}
