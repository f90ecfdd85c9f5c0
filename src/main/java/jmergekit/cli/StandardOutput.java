package jmergekit.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Standard output that remembers what went wrong: a writer on top keeps that to itself, and a plan
/// that went to a full disk would end as if all were well.
final class StandardOutput extends OutputStream {
    private static final String READER_LEFT = "Broken pipe";

    private final OutputStream out;
    private @Nullable IOException failure;

    StandardOutput() {
        this(new FileOutputStream(FileDescriptor.out));
    }

    StandardOutput(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /// Why not all was written; empty if it was, or if the reader had enough, as `head` does.
    Optional<String> problem() {
        return Optional.ofNullable(failure)
                .map(e -> String.valueOf(e.getMessage()))
                .filter(text -> !text.contains(READER_LEFT));
    }
}
