package jmergekit.conformance;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads the weights of a model folder, strictly: what a lenient loader would forgive is an error.
final class Checkpoint {
    static final String SINGLE = "model.safetensors";
    private static final String TORCH_SINGLE = "pytorch_model.bin";
    private static final String TORCH_SUFFIX = ".bin";
    static final String INDEX = "model.safetensors.index.json";
    private static final Set<String> BESIDE =
            Set.of("oracle.safetensors", "alternative.safetensors");

    private Checkpoint() {}

    /// Every tensor of the model, through its index if it has one.
    ///
    /// @throws IOException if a file is damaged, or files, index and tensors do not agree
    static SortedMap<String, StoredTensor> readModel(Path folder) throws IOException {
        Set<String> files = weightFiles(folder);
        if (!Files.exists(folder.resolve(INDEX))) {
            if (!files.equals(Set.of(SINGLE)) && !files.equals(Set.of(TORCH_SINGLE))) {
                throw new IOException("weights: expected " + SINGLE + ", found " + files);
            }
            return readFile(folder.resolve(files.iterator().next()));
        }
        SortedMap<String, String> map = weightMap(folder);
        if (!files.equals(new TreeSet<>(map.values()))) {
            throw new IOException(
                    INDEX + ": names " + new TreeSet<>(map.values()) + ", found " + files);
        }
        SortedMap<String, StoredTensor> tensors = new TreeMap<>();
        for (String file : files) {
            for (Map.Entry<String, StoredTensor> entry :
                    readFile(folder.resolve(file)).entrySet()) {
                if (!file.equals(map.get(entry.getKey()))) {
                    throw new IOException(
                            "%s: '%s' is in %s, the index says %s"
                                    .formatted(
                                            INDEX, entry.getKey(), file, map.get(entry.getKey())));
                }
                tensors.put(entry.getKey(), entry.getValue());
            }
        }
        if (!tensors.keySet().equals(map.keySet())) {
            Set<String> missing = new TreeSet<>(map.keySet());
            missing.removeAll(tensors.keySet());
            throw new IOException(INDEX + ": names tensors that are in no shard: " + missing);
        }
        return tensors;
    }

    /// Names of the weight files in a folder.
    static Set<String> weightFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            Set<String> names = new TreeSet<>();
            files.map(file -> file.getFileName().toString())
                    .filter(name ->
                            name.endsWith(".safetensors") && !BESIDE.contains(name)
                                    || name.endsWith(TORCH_SUFFIX))
                    .forEach(names::add);
            return names;
        }
    }

    private static SortedMap<String, String> weightMap(Path folder) throws IOException {
        SortedMap<String, String> map = new TreeMap<>();
        Json.read(folder.resolve(INDEX))
                .path("weight_map")
                .properties()
                .forEach(entry -> map.put(entry.getKey(), entry.getValue().asString()));
        return map;
    }

    /// Every tensor of one file.
    static SortedMap<String, StoredTensor> readFile(Path file) throws IOException {
        if (file.toString().endsWith(TORCH_SUFFIX)) {
            return TorchFile.read(file);
        }
        try {
            return parse(ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN));
        } catch (IllegalArgumentException | ArithmeticException | JacksonException damaged) {
            throw new IOException(file.getFileName() + ": " + damaged.getMessage(), damaged);
        }
    }

    private static SortedMap<String, StoredTensor> parse(ByteBuffer file) {
        require(file.limit() >= 8, "shorter than its header length");
        long headerLength = file.getLong(0);
        require(
                headerLength >= 2 && headerLength <= file.limit() - 8,
                "header length out of range");
        byte[] header = new byte[(int) headerLength];
        file.get(8, header);
        ByteBuffer data = file.slice(8 + header.length, file.limit() - 8 - header.length);
        SortedMap<String, StoredTensor> tensors = new TreeMap<>();
        List<int[]> extents = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry :
                Json.parse(new String(header, StandardCharsets.UTF_8)).properties()) {
            if (entry.getKey().equals("__metadata__")) {
                continue;
            }
            int begin = entry.getValue().path("data_offsets").path(0).asInt();
            int end = entry.getValue().path("data_offsets").path(1).asInt();
            require(begin >= 0 && begin <= end && end <= data.limit(), "data_offsets out of range");
            extents.add(new int[] {begin, end});
            tensors.put(entry.getKey(), tensor(entry.getValue(), data.slice(begin, end - begin)));
        }
        requireNoGaps(extents, data.limit());
        return tensors;
    }

    private static StoredTensor tensor(JsonNode entry, ByteBuffer bytes) {
        List<Integer> shape = entry.path("shape").valueStream().map(JsonNode::asInt).toList();
        return new StoredTensor(entry.path("dtype").asString(), shape, bytes);
    }

    private static void requireNoGaps(List<int[]> extents, int length) {
        extents.sort(Comparator.<int[]>comparingInt(e -> e[0]).thenComparingInt(e -> e[1]));
        int end = 0;
        for (int[] extent : extents) {
            require(extent[0] == end, "gap or overlap in the data at byte " + end);
            end = extent[1];
        }
        require(end == length, "bytes after the last tensor");
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new IllegalArgumentException(what);
        }
    }

    /// Writes one weight file; for hand-made and for perturbed outputs.
    static void write(Path file, SortedMap<String, StoredTensor> tensors) throws IOException {
        if (file.toString().endsWith(TORCH_SUFFIX)) {
            TorchFile.write(file, tensors);
            return;
        }
        ObjectNode header = JsonNodeFactory.instance.objectNode();
        int end = 0;
        for (Map.Entry<String, StoredTensor> entry : tensors.entrySet()) {
            StoredTensor tensor = entry.getValue();
            ObjectNode node = header.putObject(entry.getKey()).put("dtype", tensor.dtype());
            ArrayNode shape = node.putArray("shape");
            tensor.shape().forEach(shape::add);
            node.putArray("data_offsets").add(end).add(end + tensor.bytes().limit());
            end += tensor.bytes().limit();
        }
        byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer all = ByteBuffer.allocate(8 + text.length + end).order(ByteOrder.LITTLE_ENDIAN);
        all.putLong(text.length).put(text);
        tensors.values().forEach(tensor -> all.put(tensor.bytes()));
        Files.createDirectories(file.getParent());
        Files.write(file, all.array());
    }
}
