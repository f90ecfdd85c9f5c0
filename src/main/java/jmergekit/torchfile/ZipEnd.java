package jmergekit.torchfile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// The place of a zip archive's directory, according to the end of the file.
///
/// @param begin the begin of the directory, in bytes from the start of the file
/// @param end the end of the directory
record ZipEnd(long members, long begin, long end) {
    private static final int SIGNATURE = 0x06054b50;
    private static final int BYTES = 22;
    private static final int LONGEST_COMMENT = 0xffff;

    private static final int LOCATOR_SIGNATURE = 0x07064b50;
    private static final int LOCATOR_BYTES = 20;
    private static final int ZIP64_SIGNATURE = 0x06064b50;
    private static final int ZIP64_BYTES = 56;

    /// Searches for the record at the end of every archive, which only a comment may follow.
    static ZipEnd find(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        int tailBytes = (int) Math.min(size, BYTES + LONGEST_COMMENT);
        ByteBuffer tail = ByteBuffer.allocate(tailBytes).order(ByteOrder.LITTLE_ENDIAN);
        while (tail.hasRemaining()
                && channel.read(tail, size - tailBytes + tail.position()) >= 0) {}
        for (int at = tail.position() - BYTES; at >= 0; at--) {
            boolean endsHere =
                    at + BYTES + Short.toUnsignedInt(tail.getShort(at + 20)) == tailBytes;
            if (tail.getInt(at) == SIGNATURE && endsHere) {
                return read(file, channel, tail, at, size - tailBytes + at);
            }
        }
        throw new MergeException(
                Problem.input(
                                file.toString(),
                                "begins like a zip archive, but does not end like one")
                        .hint("the file is truncated: download or copy it again"));
    }

    private static ZipEnd read(
            Path file, FileChannel channel, ByteBuffer tail, int at, long position)
            throws IOException {
        long locatorAt = position - LOCATOR_BYTES;
        if (locatorAt >= 0) {
            FileInput input = FileInput.ofHeader(file, "its zip end", channel, locatorAt, position);
            if (input.i32() == LOCATOR_SIGNATURE) {
                input.skip(4);
                return readZip64(file, channel, input.i64(), locatorAt);
            }
        }
        long begin = Integer.toUnsignedLong(tail.getInt(at + 16));
        long bytes = Integer.toUnsignedLong(tail.getInt(at + 12));
        long members = Short.toUnsignedInt(tail.getShort(at + 10));
        return checked(file, members, begin, bytes, position);
    }

    private static ZipEnd readZip64(Path file, FileChannel channel, long at, long limit)
            throws IOException {
        FileInput input = FileInput.ofHeader(file, "its zip end", channel, at, limit);
        if (at < 0 || at > limit - ZIP64_BYTES || input.i32() != ZIP64_SIGNATURE) {
            throw damaged(file, "its zip64 end would be at byte %d".formatted(at));
        }
        input.skip(28);
        long members = input.i64();
        long bytes = input.i64();
        return checked(file, members, input.i64(), bytes, at);
    }

    private static ZipEnd checked(Path file, long members, long begin, long bytes, long limit) {
        if (members < 0 || begin < 0 || bytes < 0 || begin > limit || bytes > limit - begin) {
            throw damaged(
                    file,
                    "its zip directory would have %d bytes from byte %d on, and ends at byte %d"
                            .formatted(bytes, begin, limit));
        }
        return new ZipEnd(members, begin, begin + bytes);
    }

    private static MergeException damaged(Path file, String what) {
        return new MergeException(
                Problem.input(file.toString(), what)
                        .hint("the file is damaged: download or copy it again"));
    }
}
