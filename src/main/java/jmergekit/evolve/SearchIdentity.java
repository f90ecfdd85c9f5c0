package jmergekit.evolve;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.publish.Sha256;
import jmergekit.weights.JsonTree;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a search depends on, stored in a file next to its log. A search only resumes if nothing of
/// this has changed.
record SearchIdentity(Map<String, String> values) {
    static final String FILE = "search.json";

    private static final String MODELS = "models";
    private static final String LOOKAHEAD = "lookahead";
    private static final long MOST_BYTES = 1 << 20;

    /// Messages for values that have no option of the same name.
    private static final Map<String, String> CHANGED =
            Map.of(
                    "file",
                    "the search's file has changed since it began",
                    MODELS,
                    "the models have changed since the search there began",
                    "scoring",
                    "the tasks' items, or how models are scored, have changed since the"
                            + " search there began",
                    LOOKAHEAD,
                    "the search there proposes candidates in a different order");

    /// @param config text of the file
    /// @param inputs checksum of the models
    /// @param scoring what scores depend on in addition to the file
    static SearchIdentity of(String config, String inputs, String scoring, SearchOptions options) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("file", Sha256.hex(config.getBytes(StandardCharsets.UTF_8)));
        values.put(MODELS, inputs);
        values.put("scoring", scoring);
        values.put("algorithm", options.algorithm());
        values.put("random-seed", String.valueOf(options.seed()));
        values.put("sigma0", String.valueOf(options.sigma0()));
        values.put(
                "force-population-size",
                options.population().isPresent()
                        ? String.valueOf(options.population().getAsInt())
                        : "none");
        // It determines the steps of a grid.
        if (options.algorithm().equals("grid")) {
            values.put("max-fevals", String.valueOf(options.evaluations()));
        }
        values.put(LOOKAHEAD, String.valueOf(options.lookahead()));
        return new SearchIdentity(values);
    }

    String json() {
        ObjectNode json = JsonTree.MAPPER.createObjectNode();
        values.forEach(json::put);
        return json.toPrettyString() + "\n";
    }

    /// The lookahead of the search in the folder.
    ///
    /// @throws MergeException if the file cannot be read
    static int lookahead(Path folder, String label) {
        JsonNode json = read(folder, label);
        try {
            int lookahead = Integer.parseInt(json.path(LOOKAHEAD).asString(""));
            if (lookahead > 0) {
                return lookahead;
            }
        } catch (NumberFormatException e) {
            // Reported below.
        }
        throw new MergeException(
                Problem.input(label + "/" + FILE, "'lookahead' is not a number above 0"));
    }

    /// Reports what differs from the search in the folder.
    void check(Path folder, String label) {
        JsonNode json = read(folder, label);
        List<Problem> different = new ArrayList<>();
        values.forEach((key, value) -> {
            String found = json.path(key).asString("");
            if (!found.equals(value)) {
                different.add(difference(label, key, found, value));
            }
        });
        // The hash of the models' merge depends on the other values.
        if (different.size() > 1) {
            different.removeIf(p -> p.what().equals(CHANGED.get(MODELS)));
        }
        if (!different.isEmpty()) {
            throw new MergeException(different);
        }
    }

    private static Problem difference(String label, String key, String began, String now) {
        Problem problem =
                CHANGED.containsKey(key)
                        ? Problem.usage(label, CHANGED.get(key))
                        : Problem.usage(label, "the search there was started with another --" + key)
                                .expected(began)
                                .found(now);
        return problem.hint("use the original value, or start again with another --storage-path");
    }

    private static JsonNode read(Path folder, String label) {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new MergeException(
                    Problem.usage(label, "there is no search to resume")
                            .expected("a folder with " + FILE)
                            .hint("start one without --resume"));
        }
        return JsonTree.read(file, MOST_BYTES, label + "/" + FILE);
    }
}
