package jmergekit.s3;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// An object in a store, or all objects whose keys begin with this key and a slash:
/// `s3://bucket/key`.
///
/// @param key without slashes at its ends; empty for the whole bucket
public record ObjectPath(String bucket, String key) {
    /// The prefix of texts that mean a store.
    public static final String SCHEME = "s3://";

    /// What Java's paths turn the prefix into, and what users write who forget a slash.
    private static final String FOLDED = "s3:/";

    /// Also matches old bucket names, which had capitals and underscores.
    private static final Pattern BUCKET =
            Pattern.compile("[A-Za-z0-9](?!.*\\.\\.)[A-Za-z0-9._-]{1,61}[A-Za-z0-9]");

    /// The characters that a name may have on every system.
    private static final Pattern PART = Pattern.compile("[^\\p{Cntrl}/\\\\:<>|\"?*]+");

    private static final int LONGEST_PART = 255;
    private static final int LONGEST_KEY = 1024;

    public ObjectPath {
        if (!BUCKET.matcher(bucket).matches()) {
            throw new MergeException(
                    Problem.usage(
                                    // A user may have put a password here.
                                    SCHEME + bucket.replaceFirst(".*@", "(hidden)@"),
                                    "not a valid name of a bucket")
                            .expected("3 to 63 letters, digits, '-', '.' or '_'")
                            .hint("write 's3://bucket/path/of/the/model'"));
        }
        if (!key.isEmpty() && !isSafe(key)) {
            throw new MergeException(
                    Problem.usage(
                                    SCHEME + bucket + "/" + key,
                                    "not a key that can be used as a file path")
                            .hint(
                                    "parts between slashes may not be empty, '.' or '..', nor"
                                            + " contain control characters or any of \\ : < > |"
                                            + " \" ? *"));
        }
    }

    /// Whether a text has the prefix of object paths, also in capitals or with one slash: as a
    /// local path, it would mean a folder `s3:`.
    public static boolean isMeant(String text) {
        return beginsWith(text, FOLDED);
    }

    private static boolean beginsWith(String text, String scheme) {
        return text.regionMatches(true, 0, scheme, 0, scheme.length());
    }

    /// Parses a text with the prefix of object paths; empty for any other text.
    ///
    /// @throws MergeException if the rest of the text is invalid
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

    /// Whether a key, or its part after a prefix, is a file path that stays in its folder on every
    /// system. Anyone can choose keys: one may be `../x`, `/x` or `a\b`.
    public static boolean isSafe(String key) {
        return key.getBytes(StandardCharsets.UTF_8).length <= LONGEST_KEY
                && Arrays.stream(key.split("/", -1))
                        .allMatch(p ->
                                PART.matcher(p).matches()
                                        && p.length() <= LONGEST_PART
                                        && !p.equals(".")
                                        && !p.equals(".."));
    }

    /// The path of an object in this folder.
    ///
    /// @param name its path from here, with forward slashes
    /// @throws MergeException if the name is not valid for a file
    public ObjectPath child(String name) {
        return new ObjectPath(bucket, prefix() + name);
    }

    /// The common prefix of all keys below this path.
    public String prefix() {
        return key.isEmpty() ? "" : key + "/";
    }

    /// Whether another path is equal to this one, or below it.
    public boolean isAbove(ObjectPath other) {
        return bucket.equals(other.bucket)
                && (key.equals(other.key) || other.key.startsWith(prefix()));
    }

    /// The last part of the path.
    public String name() {
        return key.isEmpty() ? bucket : key.substring(key.lastIndexOf('/') + 1);
    }

    @Override
    public String toString() {
        return SCHEME + bucket + (key.isEmpty() ? "" : "/" + key);
    }
}
