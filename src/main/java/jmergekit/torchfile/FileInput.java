package jmergekit.torchfile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// A part of a file, read from front to back: little-endian numbers and bytes.
final class FileInput {
    private static final int BUFFER_BYTES = 1 << 16;

    /// The buffer for headers, which are short and far from each other.
    private static final int SHORT_BUFFER_BYTES = 256;

    private final Path file;
    private final String part;
    private final FileChannel channel;
    private final long end;
    private final ByteBuffer buffer;

    /// The offset in the file of the byte after the buffer.
    private long next;

    /// @param part the name of this part in messages, as in `its pickle`
    FileInput(Path file, String part, FileChannel channel, long begin, long end) {
        this(file, part, channel, begin, end, BUFFER_BYTES);
    }

    private FileInput(
            Path file, String part, FileChannel channel, long begin, long end, int bufferBytes) {
        this.buffer = ByteBuffer.allocate(bufferBytes).order(ByteOrder.LITTLE_ENDIAN).limit(0);
        this.file = file;
        this.part = part;
        this.channel = channel;
        this.next = begin;
        this.end = end;
    }

    /// For a few bytes; `begin` and `end` are only limits.
    static FileInput ofHeader(Path file, String part, FileChannel channel, long begin, long end) {
        return new FileInput(file, part, channel, begin, end, SHORT_BUFFER_BYTES);
    }

    Path file() {
        return file;
    }

    /// The offset of the next byte in the file.
    long position() {
        return next - buffer.remaining();
    }

    int u8() throws IOException {
        need(1);
        return Byte.toUnsignedInt(buffer.get());
    }

    int u16() throws IOException {
        need(2);
        return Short.toUnsignedInt(buffer.getShort());
    }

    int i32() throws IOException {
        need(4);
        return buffer.getInt();
    }

    long u32() throws IOException {
        return Integer.toUnsignedLong(i32());
    }

    long i64() throws IOException {
        need(8);
        return buffer.getLong();
    }

    /// The next `count` bytes, which must fit in the heap.
    byte[] bytes(int count) throws IOException {
        if (count > end - position()) {
            throw truncated();
        }
        byte[] bytes = new byte[count];
        int filled = 0;
        while (filled < count) {
            need(1);
            int n = Math.min(count - filled, buffer.remaining());
            buffer.get(bytes, filled, n);
            filled += n;
        }
        return bytes;
    }

    /// Skips bytes without reading them. Lengths come from files: negative ones are huge.
    void skip(long count) {
        if (count < 0 || count > end - position()) {
            throw truncated();
        }
        if (count <= buffer.remaining()) {
            buffer.position(buffer.position() + (int) count);
        } else {
            next += count - buffer.remaining();
            buffer.limit(0);
        }
    }

    private void need(int count) throws IOException {
        if (buffer.remaining() >= count) {
            return;
        }
        if (count > end - position()) {
            throw truncated();
        }
        buffer.compact();
        buffer.limit((int) Math.min(buffer.capacity(), buffer.position() + end - next));
        while (buffer.position() < count) {
            int n = channel.read(buffer, next);
            if (n < 0) {
                throw truncated();
            }
            next += n;
        }
        buffer.flip();
    }

    /// An error about data that violates its format, with the place.
    MergeException damaged(String what) {
        return damaged(position(), what);
    }

    MergeException damaged(long at, String what) {
        return new MergeException(
                Problem.input(
                                file.toString(),
                                "%s is damaged at byte %d: %s".formatted(part, at, what))
                        .hint("download or copy the file again"));
    }

    MergeException refused(String what) {
        return new MergeException(Problem.input(file.toString(), part + " " + what));
    }

    /// An error about data that is valid but too large to read.
    MergeException tooLarge(String what, String expected) {
        return new MergeException(
                Problem.input(file.toString(), part + " " + what)
                        .expected(expected)
                        .hint("save only the tensors, in several shards or as safetensors"));
    }

    private MergeException truncated() {
        return new MergeException(
                Problem.input(file.toString(), "%s is cut off at byte %d".formatted(part, end))
                        .hint("the file is truncated: download or copy it again"));
    }
}
