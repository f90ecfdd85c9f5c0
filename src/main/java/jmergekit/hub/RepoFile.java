package jmergekit.hub;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A file of a repository at one commit.
///
/// @param path with forward slashes; safe to resolve against a folder
/// @param size in bytes
/// @param blobId the Git hash of what the repository itself holds: the file, or a pointer to it
/// @param sha256 of the file's bytes if they are stored outside the repository (Git LFS), otherwise
///     empty
record RepoFile(String path, long size, String blobId, String sha256) {
    private static final int LONGEST_PART = 255;
    private static final Pattern PART = Pattern.compile("[^\\p{Cntrl}/\\\\:<>|\"?*]+");
    private static final Pattern BLOB_ID = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /// Whether a path stays in its folder on every system. Anyone can make a repository, and it may
    /// list `../x`, `/x` or `a\b`.
    static boolean isSafe(String path) {
        return Arrays.stream(path.split("/", -1))
                .allMatch(p ->
                        PART.matcher(p).matches()
                                && p.length() <= LONGEST_PART
                                && !p.equals(".")
                                && !p.equals(".."));
    }

    /// Whether the hashes are valid as file names.
    boolean hasValidHash() {
        return size >= 0
                && BLOB_ID.matcher(blobId).matches()
                && (sha256.isEmpty() || SHA256.matcher(sha256).matches());
    }

    boolean isLfs() {
        return !sha256.isEmpty();
    }

    /// What identifies the file's bytes, and names them in the cache.
    String etag() {
        return isLfs() ? sha256 : blobId;
    }

    /// Whether it is directly in the repository's root.
    boolean isInRoot() {
        return path.indexOf('/') < 0;
    }

    String encodedPath() {
        return Arrays.stream(path.split("/"))
                .map(Revision::encode)
                .collect(Collectors.joining("/"));
    }
}
