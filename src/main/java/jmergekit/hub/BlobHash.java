package jmergekit.hub;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The hash by which the hub names a file's bytes, computed piece by piece: SHA-256, or for small
/// files Git's own hash, the SHA-1 of `blob`, the size, a zero byte, and the bytes.
final class BlobHash {
    private final MessageDigest digest;

    private BlobHash(MessageDigest digest) {
        this.digest = digest;
    }

    static BlobHash of(RepoFile file) {
        return file.isLfs() ? sha256() : git(file.size());
    }

    static BlobHash sha256() {
        return new BlobHash(digest("SHA-256"));
    }

    /// @param size of the whole file, in bytes
    static BlobHash git(long size) {
        MessageDigest digest = digest("SHA-1");
        digest.update(("blob " + size + "\0").getBytes(StandardCharsets.ISO_8859_1));
        return new BlobHash(digest);
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }

    /// Hashes the buffer's remaining bytes without consuming them.
    void update(ByteBuffer bytes) {
        digest.update(bytes.duplicate());
    }

    /// Completes the hash.
    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
