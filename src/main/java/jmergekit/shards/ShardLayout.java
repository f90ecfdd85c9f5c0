package jmergekit.shards;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.FileLayout;
import jmergekit.weights.StrictJson;
import jmergekit.weights.TensorEntry;

/// Which output file holds each tensor and where, fixed before a byte is written. The layout
/// depends only on the tensors, the limit and the format.
///
/// `totalBytes` counts tensor data only, without headers; `places` is keyed by tensor name.
public record ShardLayout(
        ShardFormat format, List<Shard> shards, long totalBytes, Map<String, Place> places) {
    /// One output file.
    public record Shard(String fileName, FileLayout file) {
        /// The tensors in the order of their data.
        public List<TensorEntry> entries() {
            return file.entries();
        }

        public long fileSize() {
            return file.fileSize();
        }

        /// The file's first bytes, see [FileLayout#head].
        public byte[] head() {
            return file.head();
        }
    }

    /// The shard (counted from 0) and the entry of a tensor.
    public record Place(int shard, TensorEntry entry) {}

    public ShardLayout {
        shards = List.copyOf(shards);
        places = Map.copyOf(places);
    }

    /// Fills shards in the given order. A new shard begins where the next tensor would exceed
    /// `maxBytes` of data, or the number of tensors that a file of the format can hold. A tensor
    /// larger than `maxBytes` gets its own shard. Names must be unique.
    public static ShardLayout plan(ShardFormat format, List<TensorSpec> tensors, long maxBytes) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("a shard of at most " + maxBytes + " bytes");
        }
        List<List<TensorSpec>> groups = split(format, tensors, maxBytes);
        List<Shard> shards = new ArrayList<>();
        for (List<TensorSpec> group : groups) {
            shards.add(shard(format, format.fileName(shards.size(), groups.size()), group));
        }
        return of(format, shards);
    }

    /// The file of an adapter, whatever its size. Names of tensors must be unique.
    public static ShardLayout adapter(ShardFormat format, List<TensorSpec> tensors) {
        return of(format, List.of(shard(format, format.adapter(), tensors)));
    }

    /// Recreates the files of another layout, by name, each with the tensors in the order of their
    /// data.
    public static ShardLayout of(ShardFormat format, Map<String, List<TensorSpec>> shards) {
        List<Shard> all = new ArrayList<>();
        shards.forEach((name, tensors) -> all.add(shard(format, name, tensors)));
        return of(format, all);
    }

    /// The same files with this metadata in each, if the format can store it.
    public ShardLayout withMetadata(Map<String, String> metadata) {
        if (metadata.isEmpty()) {
            return this;
        }
        return of(
                format,
                shards.stream()
                        .map(s ->
                                new Shard(
                                        s.fileName(),
                                        s.file().withMetadata(s.fileName(), metadata)))
                        .toList());
    }

    /// The metadata that each of the files has besides its tensors.
    public Map<String, String> metadata() {
        return shards.stream().findFirst().map(s -> s.file().metadata()).orElse(Map.of());
    }

    private static ShardLayout of(ShardFormat format, List<Shard> shards) {
        Map<String, Place> places = new HashMap<>();
        long total = 0;
        for (int i = 0; i < shards.size(); i++) {
            for (TensorEntry entry : shards.get(i).entries()) {
                String name = entry.spec().name();
                if (!StrictJson.isUnicode(name)) {
                    throw new IllegalArgumentException("not a valid tensor name: " + name);
                }
                if (places.put(name, new Place(i, entry)) != null) {
                    throw new IllegalArgumentException("two tensors have the name " + name);
                }
            }
            total += shards.get(i).file().dataBytes();
        }
        return new ShardLayout(format, shards, total, places);
    }

    private static List<List<TensorSpec>> split(
            ShardFormat format, List<TensorSpec> tensors, long maxBytes) {
        List<List<TensorSpec>> groups = new ArrayList<>();
        for (List<TensorSpec> group : split(tensors, maxBytes)) {
            List<TensorSpec> left = group;
            // If a single tensor does not fit, laying out its file reports the error.
            for (int n = fitting(format, left); n < left.size(); n = fitting(format, left)) {
                groups.add(left.subList(0, n));
                left = left.subList(n, left.size());
            }
            groups.add(left);
        }
        return groups;
    }

    private static int fitting(ShardFormat format, List<TensorSpec> tensors) {
        return Math.max(1, format.fitting(tensors));
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

    private static Shard shard(ShardFormat format, String fileName, List<TensorSpec> tensors) {
        return new Shard(fileName, format.layout(fileName, tensors));
    }

    public Optional<Place> place(String tensor) {
        return Optional.ofNullable(places.get(tensor));
    }

    /// The name of the index file; empty for a single shard.
    public Optional<String> indexName() {
        return shards.size() == 1 ? Optional.empty() : Optional.of(format.format().index());
    }

    /// The size of the index file.
    public long indexBytes() {
        return index().length;
    }

    /// The index file's bytes.
    byte[] index() {
        StringBuilder json = new StringBuilder();
        json.append("{\n  \"metadata\": {\n    \"total_size\": ").append(totalBytes);
        json.append("\n  },\n  \"weight_map\": {");
        String separator = "\n";
        for (Shard shard : shards) {
            for (TensorEntry entry : shard.entries()) {
                json.append(separator).append("    ");
                StrictJson.quote(entry.spec().name(), json);
                json.append(": \"").append(shard.fileName()).append('"');
                separator = ",\n";
            }
        }
        return json.append("\n  }\n}\n").toString().getBytes(StandardCharsets.UTF_8);
    }
}
