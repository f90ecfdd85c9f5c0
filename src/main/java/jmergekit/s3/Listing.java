package jmergekit.s3;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import jmergekit.problem.MergeException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/// Lists the objects below a folder, page by page. The server's responses are not trusted: they may
/// name objects of other folders, omit sizes, or have pages without end.
record Listing(S3Client client, StoreRefusal refusal, ObjectPath folder) {
    /// Far more than any model has: a bucket of a million objects is not the folder of a model.
    private static final int MOST_OBJECTS = 100_000;

    /// Stores may send a page without objects, but not many in a row.
    private static final int MOST_EMPTY_PAGES = 100;

    List<ObjectStore.Found> objects() {
        List<ObjectStore.Found> found = new ArrayList<>();
        int empty = 0;
        String next = null;
        do {
            ListObjectsV2Response page = page(next);
            page.contents().forEach(object -> found.add(found(object)));
            empty += page.contents().isEmpty() ? 1 : 0;
            if (found.size() > MOST_OBJECTS) {
                throw new MergeException(
                        refusal.problem(folder, "holds too many objects for a model")
                                .expected("at most " + MOST_OBJECTS)
                                .hint("name the folder of one model"));
            }
            next = next(page, next, empty);
        } while (next != null);
        return found;
    }

    private ListObjectsV2Response page(@Nullable String token) {
        try {
            return client.listObjectsV2(r ->
                    r.bucket(folder.bucket()).prefix(folder.prefix()).continuationToken(token));
        } catch (SdkException e) {
            throw refusal.of(folder, e);
        } catch (IllegalArgumentException e) {
            // A key that is not encoded as the response claims.
            throw refusal.wrong(folder, "a key that cannot be decoded");
        }
    }

    private ObjectStore.Found found(S3Object object) {
        if (object.key() == null || !object.key().startsWith(folder.prefix())) {
            throw refusal.wrong(folder, "an object of another folder");
        }
        if (object.size() == null || object.size() < 0) {
            throw refusal.wrong(folder, "an object without a size");
        }
        return new ObjectStore.Found(
                object.key().substring(folder.prefix().length()),
                object.size(),
                Objects.requireNonNullElse(object.eTag(), ""),
                Objects.requireNonNullElse(object.lastModified(), Instant.EPOCH));
    }

    private @Nullable String next(ListObjectsV2Response page, @Nullable String last, int empty) {
        if (!Boolean.TRUE.equals(page.isTruncated())) {
            return null;
        }
        String next = page.nextContinuationToken();
        if (next == null || next.equals(last) || empty > MOST_EMPTY_PAGES) {
            // A partial list would look like a model with missing files.
            throw refusal.wrong(folder, "a list of objects that does not end");
        }
        return next;
    }
}
