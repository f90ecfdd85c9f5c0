package jmergekit.safetensors;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.weights.HeaderReader;
import jmergekit.weights.IoReason;
import jmergekit.weights.LimitedInput;
import jmergekit.weights.TensorEntry;
import jmergekit.weights.WeightFormat;
import jmergekit.weights.WeightHeader;

/// The header of a safetensors file: its tensors, by offset, and its metadata.
///
/// A header that was read is consistent: every tensor's data has the size its shape and dtype need,
/// and together they fill the file from the header's end to its last byte, without gap or overlap.
public record SafetensorsHeader(Path file, List<TensorEntry> entries, Map<String, String> metadata)
        implements WeightHeader {
    /// The format, as model folders use it.
    public static final WeightFormat FORMAT =
            new WeightFormat(
                    "model.safetensors",
                    Pattern.compile(".+\\.safetensors"),
                    Pattern.compile("(adapter_|consolidated).*\\.safetensors"),
                    SafetensorsHeader::read);

    /// The format with files of any name.
    public static final WeightFormat ANY_NAME =
            new WeightFormat(
                    FORMAT.single(),
                    Pattern.compile(".+\\.safetensors", Pattern.CASE_INSENSITIVE),
                    WeightFormat.NOTHING,
                    SafetensorsHeader::read);

    /// The longest header that is read, in bytes; the format's own limit.
    public static final long MAX_HEADER_BYTES = 100_000_000;

    /// Bytes before the header: its length, a little-endian 64-bit number.
    public static final int PREFIX_BYTES = 8;

    public SafetensorsHeader {
        entries = List.copyOf(entries);
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /// Reads and checks the header, without reading the data. Throws a [MergeException] that names
    /// the file, as given here, and the tensor.
    public static SafetensorsHeader read(Path file) {
        return HeaderReader.open(
                file, channel -> parse(file, channel.size(), Channels.newInputStream(channel)));
    }

    /// The same for a file that is not complete yet.
    ///
    /// @param size of the whole file, in bytes
    /// @param start its first bytes, up to the end of the header or further
    public static SafetensorsHeader read(Path file, long size, InputStream start) {
        try (start) {
            return parse(file, size, start);
        } catch (IOException e) {
            throw new MergeException(
                    Problem.input(file.toString(), "cannot be read: " + IoReason.of(e)), e);
        }
    }

    private static SafetensorsHeader parse(Path file, long size, InputStream start)
            throws IOException {
        InputStream in = new BufferedInputStream(start);
        long length = headerLength(file, size, in);
        in.mark(1);
        if (length == 0 || in.read() != '{') {
            throw refused(file, "the header is not a JSON object");
        }
        in.reset();
        HeaderParser parser = new HeaderParser(file);
        parser.parse(new LimitedInput(in, length));
        return parser.header(PREFIX_BYTES + length, size);
    }

    private static long headerLength(Path file, long size, InputStream in) throws IOException {
        byte[] prefix = in.readNBytes(PREFIX_BYTES);
        if (prefix.length < PREFIX_BYTES) {
            throw refused(
                    file,
                    "has %d bytes, a safetensors file has at least %d"
                            .formatted(size, PREFIX_BYTES));
        }
        HeaderReader.refuseLfsPointer(file, prefix);
        long length = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
        // The format defines the length as unsigned; a negative number here is far above the limit.
        if (length < 0 || length > MAX_HEADER_BYTES) {
            throw new MergeException(
                    Problem.input(
                                    file.toString(),
                                    "its header would have %s bytes, at most %d are allowed"
                                            .formatted(
                                                    Long.toUnsignedString(length),
                                                    MAX_HEADER_BYTES))
                            .hint("the file is damaged or is not a safetensors file"));
        }
        if (length > size - PREFIX_BYTES) {
            throw new MergeException(
                    Problem.input(
                                    file.toString(),
                                    "its header would have %d bytes, %d follow its length"
                                            .formatted(length, size - PREFIX_BYTES))
                            .hint("the file is truncated or its header is invalid"));
        }
        return length;
    }

    @Override
    public long fileSize() {
        return entries.isEmpty() ? 0 : entries.getLast().end();
    }

    private static MergeException unreadable(Path file, IOException e) {
        return new MergeException(
                Problem.input(file.toString(), "cannot be read: " + IoReason.of(e)), e);
    }

    private static MergeException refused(Path file, String what) {
        return new MergeException(Problem.input(file.toString(), what));
    }
}
