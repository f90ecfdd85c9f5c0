package jmergekit.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Standard output that records write errors. A writer on top hides them, so a plan written to a
/// full disk would otherwise appear to succeed.
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

    /// Why output is incomplete; empty if it is complete, or if the reader closed the pipe early,
    /// like `head`.
    Optional<String> problem() {
        return Optional.ofNullable(failure)
                .map(e -> String.valueOf(e.getMessage()))
                .filter(text -> !text.contains(READER_LEFT));
    }
}
