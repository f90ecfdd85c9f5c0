package jmergekit.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// A tensor of a merged model, as described in the header of its safetensors file.
///
/// @param shape as written there
/// @param position of its first byte in the file
record Tensor(Path file, String dtype, String shape, long position, long bytes) {
    private static final Pattern ENTRY =
            Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*+)\"\\s*:\\s*\\{([^{}]*+)\\}");
    private static final Pattern DTYPE = Pattern.compile("\"dtype\"\\s*:\\s*\"([A-Z0-9_]+)\"");
    private static final Pattern SHAPE = Pattern.compile("\"shape\"\\s*:\\s*\\[([0-9,\\s]*)\\]");
    private static final Pattern OFFSETS =
            Pattern.compile("\"data_offsets\"\\s*:\\s*\\[\\s*([0-9]+)\\s*,\\s*([0-9]+)\\s*\\]");

    private static final int MOST_HEADER_BYTES = 64 << 20;

    /// All tensors of the model in a folder, by name.
    static Map<String, Tensor> of(Path folder) throws IOException {
        Map<String, Tensor> all = new TreeMap<>();
        for (Path file : Workspace.weightFiles(folder)) {
            addAll(all, file);
        }
        return all;
    }

    private static void addAll(Map<String, Tensor> all, Path file) throws IOException {
        ByteBuffer header;
        try (FileChannel channel = FileChannel.open(file)) {
            long size = read(channel, 0, 8).getLong();
            if (size < 0 || size > MOST_HEADER_BYTES) {
                throw new BenchException(file + ": its header has " + size + " bytes");
            }
            header = read(channel, 8, (int) size);
        }
        long start = 8L + header.remaining();
        String json = StandardCharsets.UTF_8.decode(header).toString();
        ENTRY.matcher(json)
                .results()
                .filter(entry -> !entry.group(1).equals("__metadata__"))
                .forEach(entry -> all.put(entry.group(1), of(file, start, entry)));
    }

    private static ByteBuffer read(FileChannel channel, long position, int bytes)
            throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new BenchException("a weight file ends within its header");
            }
        }
        return buffer.flip();
    }

    private static Tensor of(Path file, long start, MatchResult entry) {
        MatchResult offsets = find(OFFSETS, file, entry);
        long from = Long.parseLong(offsets.group(1));
        long to = Long.parseLong(offsets.group(2));
        return new Tensor(
                file,
                find(DTYPE, file, entry).group(1),
                find(SHAPE, file, entry).group(1).replaceAll("\\s", ""),
                start + from,
                to - from);
    }

    private static MatchResult find(Pattern pattern, Path file, MatchResult entry) {
        return pattern.matcher(entry.group(2))
                .results()
                .findFirst()
                .orElseThrow(() -> new BenchException(file + ": no such entry: " + entry.group()));
    }

    boolean isLike(Tensor other) {
        return dtype.equals(other.dtype) && shape.equals(other.shape) && bytes == other.bytes;
    }
}
