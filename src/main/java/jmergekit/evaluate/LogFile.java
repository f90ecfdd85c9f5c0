package jmergekit.evaluate;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jmergekit.problem.Printable;

/// A command's output in a file of bounded size: the beginning is written as it arrives, and the
/// end when the command has ended.
final class LogFile implements AutoCloseable {
    private static final int BEGINNING = 8 << 20;
    private static final int END = 1 << 20;
    private static final int LONGEST_MESSAGE = 4000;

    private final OutputStream out;
    private final TailBuffer tail = new TailBuffer(END);
    private long written;

    private LogFile(OutputStream out) {
        this.out = out;
    }

    static LogFile create(Path file) throws IOException {
        return new LogFile(Files.newOutputStream(file));
    }

    /// A log that keeps only the end, in memory.
    static LogFile inMemory() {
        return new LogFile(OutputStream.nullOutputStream());
    }

    void add(byte[] bytes, int count) throws IOException {
        tail.add(bytes, count);
        int now = (int) Math.min(count, BEGINNING - written);
        out.write(bytes, 0, now);
        written += now;
    }

    /// The last lines for a message, each after a line break; empty if there was no output.
    String end(int lines) {
        List<String> all =
                new String(tail.last(LONGEST_MESSAGE), StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> !line.isBlank())
                        .toList();
        return all.stream()
                .skip(Math.max(0, all.size() - lines))
                .map(line -> "\n  | " + Printable.of(line))
                .collect(joining());
    }

    @Override
    public void close() throws IOException {
        try (out) {
            long rest = tail.total() - written;
            byte[] end = tail.last(rest);
            if (rest > end.length) {
                String gap = "\n[%d bytes omitted]\n".formatted(rest - end.length);
                out.write(gap.getBytes(StandardCharsets.UTF_8));
            }
            out.write(end);
        }
    }
}
