package jmergekit.s3;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import jmergekit.weights.LimitedInput;
import software.amazon.awssdk.core.sync.RequestBody;

/// One part of a file to upload.
///
/// @param number from 1, as the protocol counts
record FilePart(Path file, int number, long begin, long bytes) {
    private static final int AT_ONCE = 256 << 10;

    /// A body that can be sent more than once.
    RequestBody body() {
        return RequestBody.fromContentProvider(
                () -> {
                    try {
                        return open();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                bytes,
                "application/octet-stream");
    }

    /// The hash with which the store verifies what it received: the only one that all stores
    /// support.
    byte[] md5() throws IOException {
        MessageDigest md5 = newMd5();
        byte[] buffer = new byte[(int) Math.min(AT_ONCE, Math.max(1, bytes))];
        try (InputStream in = open()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                md5.update(buffer, 0, n);
            }
        }
        return md5.digest();
    }

    static MessageDigest newMd5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has MD5", e);
        }
    }

    private InputStream open() throws IOException {
        InputStream in = Files.newInputStream(file);
        boolean done = false;
        try {
            in.skipNBytes(begin);
            done = true;
        } finally {
            if (!done) {
                in.close();
            }
        }
        return new BufferedInputStream(new Part(in, bytes), AT_ONCE);
    }

    /// Only the part's bytes; closing it closes the file.
    private static final class Part extends FilterInputStream {
        private final InputStream file;

        Part(InputStream file, long bytes) {
            super(new LimitedInput(file, bytes));
            this.file = file;
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
