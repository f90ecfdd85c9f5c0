package jmergekit.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Writes random models as safetensors files.
final class ModelWriter {
    private static final long CHUNK_BYTES = 4L << 20;

    /// Number of filled chunks at each end of a tensor that is only filled at its ends.
    private static final int FILLED_CHUNKS = 16;

    private final ModelSet set;
    private final String model;

    /// @param model one of [ModelSet#MODELS]
    ModelWriter(ModelSet set, String model) {
        this.set = set;
        this.model = model;
    }

    private record Shard(Path file, List<Weight> weights) {}

    private record Chunk(RandomValues values, long firstElement, long position, long bytes) {}

    /// Writes weights, index and config into an empty folder.
    void write(Path folder) throws IOException {
        int shards = set.shards(model);
        List<String> places = new ArrayList<>();
        List<Weight> left = set.weights();
        List<Shard> files = new ArrayList<>();
        for (int shard = 1; shard <= shards; shard++) {
            int count = left.size() / (shards - shard + 1);
            List<Weight> weights = left.subList(0, count);
            left = left.subList(count, left.size());
            String file = fileName(shard, shards);
            files.add(new Shard(folder.resolve(file), weights));
            weights.forEach(w -> places.add("    \"%s\": \"%s\"".formatted(w.name(), file)));
        }
        try {
            files.parallelStream().forEach(this::write);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (shards > 1) {
            Files.writeString(folder.resolve("model.safetensors.index.json"), index(places));
        }
        Files.writeString(folder.resolve("config.json"), set.config());
    }

    private static String fileName(int shard, int shards) {
        return shards == 1
                ? "model.safetensors"
                : "model-%05d-of-%05d.safetensors".formatted(shard, shards);
    }

    private String index(List<String> places) {
        return "{\n  \"metadata\": {\"total_size\": %d},\n  \"weight_map\": {\n%s\n  }\n}\n"
                .formatted(set.bytes(), String.join(",\n", places));
    }

    private void write(Shard shard) {
        ByteBuffer header = header(shard.weights());
        List<Chunk> chunks = new ArrayList<>();
        long position = header.remaining();
        for (Weight weight : shard.weights()) {
            addChunks(chunks, weight, position);
            position += weight.bytes();
        }
        try (FileChannel channel =
                FileChannel.open(
                        shard.file(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            writeAll(channel, header, 0);
            // A single byte sets the file's size, regardless of what else is written.
            writeAll(channel, ByteBuffer.allocate(1), position - 1);
            chunks.parallelStream().forEach(chunk -> write(channel, chunk));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The length of the JSON text, followed by the text, padded with spaces to whole words.
    private static ByteBuffer header(List<Weight> weights) {
        List<String> entries = new ArrayList<>(List.of("\"__metadata__\":{\"format\":\"pt\"}"));
        long start = 0;
        for (Weight weight : weights) {
            entries.add(weight.headerEntry(start));
            start += weight.bytes();
        }
        String json = entries.stream().collect(Collectors.joining(",", "{", "}"));
        String padded = json + " ".repeat(-json.length() & 7);
        return ByteBuffer.allocate(8 + padded.length())
                .putLong(Long.reverseBytes(padded.length()))
                .put(padded.getBytes(StandardCharsets.US_ASCII))
                .flip();
    }

    private void addChunks(List<Chunk> chunks, Weight weight, long position) {
        long filled =
                switch (set.filling()) {
                    case ALL -> weight.bytes();
                    case ENDS -> FILLED_CHUNKS * CHUNK_BYTES;
                    case NONE -> 0;
                };
        if (filled == 0) {
            return;
        }
        RandomValues values = new RandomValues(weight, model);
        for (long at = 0; at < weight.bytes(); at += CHUNK_BYTES) {
            if (at < filled || at >= weight.bytes() - filled) {
                long bytes = Math.min(CHUNK_BYTES, weight.bytes() - at);
                chunks.add(new Chunk(values, at / 2, position + at, bytes));
            }
        }
    }

    private static void write(FileChannel channel, Chunk chunk) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(chunk.bytes());
            chunk.values().fill(bytes, chunk.firstElement());
            writeAll(channel, bytes.asByteBuffer(), chunk.position());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes, long position)
            throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }
}
