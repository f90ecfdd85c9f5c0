package jmergekit.s3;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// An object of a store, or all objects whose keys begin with one and a slash: `s3://bucket/key`.
///
/// @param key without slashes at its ends; empty for the whole bucket
public record ObjectPath(String bucket, String key) {
    /// What texts that mean a store begin with.
    public static final String SCHEME = "s3://";

    /// What Java's paths make of that, and users who leave a slash out.
    private static final String FOLDED = "s3:/";

    /// Also those of old buckets, which had capitals and underscores.
    private static final Pattern BUCKET =
            Pattern.compile("[A-Za-z0-9](?!.*\\.\\.)[A-Za-z0-9._-]{1,61}[A-Za-z0-9]");

    /// What a name may hold on every system.
    private static final Pattern PART = Pattern.compile("[^\\p{Cntrl}/\\\\:<>|\"?*]+");

    private static final int LONGEST_PART = 255;
    private static final int LONGEST_KEY = 1024;

    public ObjectPath {
        if (!BUCKET.matcher(bucket).matches()) {
            throw new MergeException(
                    Problem.usage(
                                    // Somebody may think that a password belongs here.
                                    SCHEME + bucket.replaceFirst(".*@", "(hidden)@"),
                                    "not the name of a bucket")
                            .expected("3 to 63 letters, digits, '-', '.' or '_'")
                            .hint("write 's3://bucket/path/of/the/model'"));
        }
        if (!key.isEmpty() && !isSafe(key)) {
            throw new MergeException(
                    Problem.usage(
                                    SCHEME + bucket + "/" + key,
                                    "not a key that can be the path of a file")
                            .hint(
                                    "parts between slashes may not be empty, '.' or '..', nor hold"
                                            + " control characters or any of \\ : < > | \" ? *"));
        }
    }

    /// Whether a text begins as such paths do, also in capitals or with one slash: on disk it would be a
    /// folder `s3:`.
    public static boolean isMeant(String text) {
        return beginsWith(text, FOLDED);
    }

    private static boolean beginsWith(String text, String scheme) {
        return text.regionMatches(true, 0, scheme, 0, scheme.length());
    }

    /// What a text means that begins as such paths do; empty for any other.
    ///
    /// @throws MergeException if it begins so and is none
    public static Optional<ObjectPath> of(String text) {
        if (!isMeant(text)) {
            return Optional.empty();
        }
        String scheme = beginsWith(text, SCHEME) ? SCHEME : FOLDED;
        String path = text.substring(scheme.length());
        int slash = path.indexOf('/');
        if (slash < 0) {
            return Optional.of(new ObjectPath(path, ""));
        }
        String key = path.substring(slash + 1);
        int end = key.length();
        while (end > 0 && key.charAt(end - 1) == '/') {
            end--;
        }
        return Optional.of(new ObjectPath(path.substring(0, slash), key.substring(0, end)));
    }

    /// Whether a key, or what follows a prefix in one, stays in a folder when it is the path of a file
    /// there, on every system. Keys are anybody's: one may be `../x`, `/x` or `a\b`.
    public static boolean isSafe(String key) {
        return key.getBytes(StandardCharsets.UTF_8).length <= LONGEST_KEY
                && Arrays.stream(key.split("/", -1))
                        .allMatch(p ->
                                PART.matcher(p).matches()
                                        && p.length() <= LONGEST_PART
                                        && !p.equals(".")
                                        && !p.equals(".."));
    }

    /// What has this one as its folder.
    ///
    /// @param name its path from here, with forward slashes
    /// @throws MergeException if no file can be called so
    public ObjectPath child(String name) {
        return new ObjectPath(bucket, prefix() + name);
    }

    /// What the keys of all that lies below begin with.
    public String prefix() {
        return key.isEmpty() ? "" : key + "/";
    }

    /// Whether another one is this one, or lies below it.
    public boolean isAbove(ObjectPath other) {
        return bucket.equals(other.bucket)
                && (key.equals(other.key) || other.key.startsWith(prefix()));
    }

    /// The last part.
    public String name() {
        return key.isEmpty() ? bucket : key.substring(key.lastIndexOf('/') + 1);
    }

    @Override
    public String toString() {
        return SCHEME + bucket + (key.isEmpty() ? "" : "/" + key);
    }
}
