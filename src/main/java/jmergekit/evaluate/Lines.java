package jmergekit.evaluate;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Reads a file line by line, with a limit on line length.
public final class Lines implements AutoCloseable {
    private final InputStream in;
    private final int most;

    /// A line exceeds the limit.
    public static final class TooLongException extends IOException {
        private static final long serialVersionUID = 1L;

        private TooLongException(int most) {
            super("a line has more than " + most + " bytes");
        }
    }

    /// @param most maximum bytes of a line
    public Lines(Path file, int most) throws IOException {
        this.in = new BufferedInputStream(Files.newInputStream(file));
        this.most = most;
    }

    /// The next line without the line feed; empty at the end.
    ///
    /// @throws TooLongException if it is too long
    public Optional<byte[]> next() throws IOException {
        int b = in.read();
        if (b < 0) {
            return Optional.empty();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (; b >= 0 && b != '\n'; b = in.read()) {
            if (bytes.size() == most) {
                throw new TooLongException(most);
            }
            bytes.write(b);
        }
        return Optional.of(bytes.toByteArray());
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
