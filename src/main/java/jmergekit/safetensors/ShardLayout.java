package jmergekit.safetensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.StrictJson;
import jmergekit.weights.TensorEntry;

/// Which output file holds each tensor and where, fixed before a byte is written. The same tensors
/// and limit give the same layout.
///
/// `totalBytes` counts tensor data only, without headers; `places` is keyed by tensor name.
public record ShardLayout(List<Shard> shards, long totalBytes, Map<String, Place> places) {
    /// One output file. Its entries are in the order of their data, which begins at `dataStart`.
    public record Shard(String fileName, List<TensorEntry> entries, long dataStart) {
        public Shard {
            entries = List.copyOf(entries);
        }

        public long fileSize() {
            return entries.isEmpty() ? dataStart : entries.getLast().end();
        }

        /// The file's bytes before its data.
        public byte[] head() {
            byte[] header = ShardText.header(entries.stream().map(TensorEntry::spec).toList());
            return ByteBuffer.allocate(SafetensorsHeader.PREFIX_BYTES + header.length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length)
                    .put(header)
                    .array();
        }
    }

    /// The shard (counted from 0) and the entry of a tensor.
    public record Place(int shard, TensorEntry entry) {}

    public ShardLayout {
        shards = List.copyOf(shards);
        places = Map.copyOf(places);
    }

    /// Fills shards in the given order; a new one begins where the next tensor would take the data
    /// past `maxBytes`. A tensor larger than that sits alone. Names must differ.
    public static ShardLayout plan(List<TensorSpec> tensors, long maxBytes) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("a shard of at most " + maxBytes + " bytes");
        }
        List<List<TensorSpec>> groups = split(tensors, maxBytes);
        List<Shard> shards = new ArrayList<>();
        for (List<TensorSpec> group : groups) {
            shards.add(shard(fileName(shards.size(), groups.size()), group));
        }
        return of(shards);
    }

    /// One file of this name, whatever its size. Names of tensors must differ.
    public static ShardLayout single(String fileName, List<TensorSpec> tensors) {
        return of(List.of(shard(fileName, tensors)));
    }

    /// The files of another layout again, by name, each with the tensors in the order of their data.
    public static ShardLayout of(Map<String, List<TensorSpec>> shards) {
        List<Shard> all = new ArrayList<>();
        shards.forEach((name, tensors) -> all.add(shard(name, tensors)));
        return of(all);
    }

    private static ShardLayout of(List<Shard> shards) {
        Map<String, Place> places = new HashMap<>();
        long total = 0;
        for (int i = 0; i < shards.size(); i++) {
            Shard shard = shards.get(i);
            for (TensorEntry entry : shard.entries()) {
                String name = entry.spec().name();
                checkName(name);
                if (places.put(name, new Place(i, entry)) != null) {
                    throw new IllegalArgumentException("two tensors are called " + name);
                }
            }
            total += shard.fileSize() - shard.dataStart();
        }
        return new ShardLayout(shards, total, places);
    }

    private static List<List<TensorSpec>> split(List<TensorSpec> tensors, long maxBytes) {
        List<List<TensorSpec>> groups = new ArrayList<>();
        groups.add(new ArrayList<>());
        long used = 0;
        for (TensorSpec tensor : tensors) {
            if (!groups.getLast().isEmpty() && tensor.bytes() > maxBytes - used) {
                groups.add(new ArrayList<>());
                used = 0;
            }
            groups.getLast().add(tensor);
            used += tensor.bytes();
        }
        return groups;
    }

    private static Shard shard(String fileName, List<TensorSpec> group) {
        // Each size divides the larger ones, so this order aligns every tensor to its own.
        List<TensorSpec> ordered =
                group.stream()
                        .sorted(Comparator.comparingInt((TensorSpec t) -> -t.dtype().bytes()))
                        .toList();
        long dataStart = SafetensorsHeader.PREFIX_BYTES + ShardText.header(ordered).length;
        if (dataStart > SafetensorsHeader.MAX_HEADER_BYTES) {
            throw new MergeException(
                    Problem.output(
                                    fileName,
                                    "its %d tensors need a header of %d bytes, at most %d fit"
                                            .formatted(
                                                    group.size(),
                                                    dataStart,
                                                    SafetensorsHeader.MAX_HEADER_BYTES))
                            .hint("ask for smaller shards"));
        }
        List<TensorEntry> entries = new ArrayList<>(ordered.size());
        long next = dataStart;
        for (TensorSpec tensor : ordered) {
            entries.add(new TensorEntry(tensor, next));
            next = Math.addExact(next, tensor.bytes());
        }
        return new Shard(fileName, entries, dataStart);
    }

    private static String fileName(int shard, int count) {
        return count == 1
                ? SafetensorsHeader.FORMAT.single()
                : "model-%05d-of-%05d.safetensors".formatted(shard + 1, count);
    }

    private static void checkName(String name) {
        if (name.equals(HeaderParser.METADATA) || !StrictJson.isUnicode(name)) {
            throw new IllegalArgumentException("no tensor can be called " + name);
        }
    }

    public Optional<Place> place(String tensor) {
        return Optional.ofNullable(places.get(tensor));
    }

    /// The name of the index file; none for a single shard.
    public Optional<String> indexName() {
        return shards.size() == 1
                ? Optional.empty()
                : Optional.of(SafetensorsHeader.FORMAT.index());
    }

    /// The size of the index file.
    public long indexBytes() {
        return index().length;
    }

    /// The index file's bytes.
    byte[] index() {
        return ShardText.index(this).getBytes(StandardCharsets.UTF_8);
    }
}
