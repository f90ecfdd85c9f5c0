package jmergekit.weights;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// The index that maps tensors to shards: `model.safetensors.index.json` and the like.
///
/// @param suffix of the shards' names
record WeightIndex(Path file, String suffix, Map<String, String> weightMap) {
    /// The longest index that is read, in bytes.
    static final long MAX_INDEX_BYTES = 32_000_000;

    /// Far more than any model has.
    private static final int MAX_SHARDS = 10_000;

    private static final String WEIGHT_MAP = "weight_map";

    /// Throws a [MergeException] if the index is invalid.
    static WeightIndex read(Path file, String suffix) {
        if (!Files.isRegularFile(file)) {
            throw refused(file, "is not a regular file");
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            long size = Files.size(file);
            if (size > MAX_INDEX_BYTES) {
                throw refused(
                        file,
                        "has %d bytes, at most %d are allowed".formatted(size, MAX_INDEX_BYTES));
            }
            return new WeightIndex(file, suffix, parse(file, new LimitedInput(in, size)));
        } catch (JacksonException e) {
            throw StrictJson.refusal(file, "the index", e);
        } catch (IOException e) {
            throw new MergeException(
                    Problem.input(file.toString(), "cannot be read: " + IoReason.of(e)), e);
        }
    }

    String fileName() {
        return String.valueOf(file.getFileName());
    }

    private static Map<String, String> parse(Path file, InputStream text) {
        Map<String, String> weightMap = new LinkedHashMap<>();
        boolean found = false;
        try (JsonParser json = StrictJson.parser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw refused(file, "the index is not a JSON object");
            }
            for (String key = json.nextName(); key != null; key = json.nextName()) {
                JsonToken value = json.nextToken();
                if (!key.equals(WEIGHT_MAP)) {
                    json.skipChildren();
                } else if (value == JsonToken.START_OBJECT) {
                    found = true;
                    readMap(file, json, weightMap);
                } else {
                    throw refused(file, "'%s' is not an object".formatted(WEIGHT_MAP));
                }
            }
        }
        if (!found) {
            throw refused(file, "has no '%s'".formatted(WEIGHT_MAP));
        }
        if (weightMap.isEmpty()) {
            throw refused(file, "'%s' is empty".formatted(WEIGHT_MAP));
        }
        return weightMap;
    }

    private static void readMap(Path file, JsonParser json, Map<String, String> weightMap) {
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            if (json.nextToken() != JsonToken.VALUE_STRING) {
                throw refused(file, "the shard of tensor '%s' is not a string".formatted(name));
            }
            weightMap.put(name, json.getString());
        }
    }

    /// The shards that exist in the folder, sorted by name; each missing one becomes a problem.
    List<String> shards(WeightFolder folder, Problems problems) {
        Set<String> names = new TreeSet<>(weightMap.values());
        if (names.size() > MAX_SHARDS) {
            throw refused(
                    file,
                    "names %d shards, at most %d are read".formatted(names.size(), MAX_SHARDS));
        }
        return names.stream().filter(shard -> isPresent(folder, shard, problems)).toList();
    }

    private boolean isPresent(WeightFolder folder, String shard, Problems problems) {
        if (!isPlainName(shard)) {
            problems.add(
                    Problem.input(
                            file.toString(),
                            "names shard '%s', which is not the plain name of a *%s file"
                                    .formatted(shard, suffix)));
            return false;
        }
        if (!folder.holds(shard)) {
            problems.add(
                    Problem.input(
                                    file.toString(),
                                    "names shard '%s', which is not in the folder".formatted(shard))
                            .hint("download it"));
            return false;
        }
        return true;
    }

    // With a name that leads out of the folder, an index could make us read other files of the
    // user.
    private boolean isPlainName(String shard) {
        if (!shard.endsWith(suffix) || shard.contains("/") || shard.contains("\\")) {
            return false;
        }
        try {
            Path path = Path.of(shard);
            return path.getRoot() == null && path.getNameCount() == 1;
        } catch (InvalidPathException _) {
            return false;
        }
    }

    private static MergeException refused(Path file, String what) {
        return new MergeException(Problem.input(file.toString(), what));
    }
}
