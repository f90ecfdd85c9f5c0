package jmergekit.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Compares the files around the weights: config.json, files present, absent or equal, shards.
final class FileCheck {
    private final Path expected;
    private final Path output;

    FileCheck(Path expected, Path output) {
        this.expected = expected;
        this.output = output;
    }

    /// Keys absent from the expected configuration are free.
    List<String> configKeys(JsonNode keys, String folder) throws IOException {
        JsonNode wanted = Json.read(expected.resolve(folder).resolve("config.json"));
        JsonNode found = Json.read(output.resolve(folder).resolve("config.json"));
        List<String> differences = new ArrayList<>();
        for (JsonNode key : keys.values()) {
            boolean dtype = key.asString().equals("torch_dtype");
            JsonNode e = dtype ? dtype(wanted) : wanted.path(key.asString());
            JsonNode a = dtype ? dtype(found) : found.path(key.asString());
            boolean same = dtype ? dtypeName(e).equals(dtypeName(a)) : Json.same(e, a);
            if (!e.isMissingNode() && !same) {
                differences.add(
                        "config.json: %s is %s, expected %s".formatted(key.asString(), a, e));
            }
        }
        if (found.has("torch_dtype")
                && found.has("dtype")
                && !found.get("torch_dtype").equals(found.get("dtype"))) {
            differences.add("config.json: torch_dtype and dtype differ");
        }
        return differences;
    }

    private static JsonNode dtype(JsonNode config) {
        return config.has("torch_dtype") ? config.get("torch_dtype") : config.path("dtype");
    }

    private static String dtypeName(JsonNode dtype) {
        String name = dtype.isString() ? dtype.asString() : dtype.toString();
        return name.startsWith("torch.") ? name.substring("torch.".length()) : name;
    }

    List<String> present(JsonNode names) {
        return names(names)
                .filter(name -> !Files.isRegularFile(output.resolve(name)))
                .map(name -> name + ": missing")
                .toList();
    }

    List<String> absent(JsonNode names) {
        return names(names)
                .filter(name -> Files.exists(output.resolve(name)))
                .map(name -> name + ": should not be there")
                .toList();
    }

    List<String> equal(JsonNode names) throws IOException {
        List<String> differences = new ArrayList<>();
        for (String name : names(names).toList()) {
            Path found = output.resolve(name);
            if (!Files.isRegularFile(found)) {
                differences.add(name + ": missing");
            } else {
                long at = Files.mismatch(expected.resolve(name), found);
                if (at >= 0) {
                    differences.add(name + ": differs at byte " + at);
                }
            }
        }
        return differences;
    }

    List<String> jsonEqual(JsonNode names) throws IOException {
        List<String> differences = new ArrayList<>();
        for (String name : names(names).toList()) {
            if (!Json.same(Json.read(expected.resolve(name)), Json.read(output.resolve(name)))) {
                differences.add(name + ": not the same JSON as expected");
            }
        }
        return differences;
    }

    private static Stream<String> names(JsonNode names) {
        return names.valueStream().map(JsonNode::asString);
    }

    /// Names of the shards, the total in the index, and the size of each shard.
    List<String> shards(JsonNode policy) throws IOException {
        List<String> differences = new ArrayList<>();
        Set<String> files = Checkpoint.weightFiles(output);
        int number = 0;
        long total = 0;
        for (String file : files) {
            number++;
            String name = "model-%05d-of-%05d.safetensors".formatted(number, files.size());
            if (!file.equals(name)) {
                differences.add("shard " + number + " is named " + file + ", expected " + name);
            }
            List<StoredTensor> tensors =
                    List.copyOf(Checkpoint.readFile(output.resolve(file)).values());
            long size = tensors.stream().mapToLong(tensor -> tensor.bytes().limit()).sum();
            total += size;
            if (size > policy.path("max_bytes").asLong(Long.MAX_VALUE) && tensors.size() > 1) {
                differences.add("%s: %d bytes in %d tensors".formatted(file, size, tensors.size()));
            }
        }
        if (files.size() < policy.path("count_min").asInt(1)) {
            differences.add(
                    "%d shards, expected at least %s"
                            .formatted(files.size(), policy.path("count_min")));
        }
        JsonNode stated =
                Json.read(output.resolve(Checkpoint.INDEX)).path("metadata").path("total_size");
        if (stated.asLong(-1) != total) {
            differences.add(Checkpoint.INDEX + ": total_size " + stated + ", tensors are " + total);
        }
        return differences;
    }
}
