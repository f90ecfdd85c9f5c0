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

/// What a search depends on, as a file beside its log: a search goes on only as the one that it was.
record SearchIdentity(Map<String, String> values) {
    static final String FILE = "search.json";

    private static final String MODELS = "models";
    private static final String LOOKAHEAD = "lookahead";
    private static final long MOST_BYTES = 1 << 20;

    /// What has no option of its name, in words.
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
                    "the search there proposes candidates in another order");

    /// @param config text of the file
    /// @param inputs checksum of the models
    /// @param scoring what scores depend on besides the file
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
        // The steps of a grid follow from it.
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

    /// How many candidates the search that the folder holds is ahead.
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
            // Told below.
        }
        throw new MergeException(
                Problem.input(label + "/" + FILE, "'lookahead' is no number above 0"));
    }

    /// Says what is different in the search that the folder holds.
    void check(Path folder, String label) {
        JsonNode json = read(folder, label);
        List<Problem> different = new ArrayList<>();
        values.forEach((key, value) -> {
            String found = json.path(key).asString("");
            if (!found.equals(value)) {
                different.add(difference(label, key, found, value));
            }
        });
        // The hash of the models' merge depends on the rest.
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
                        : Problem.usage(label, "the search there began with another --" + key)
                                .expected(began)
                                .found(now);
        return problem.hint(
                "go on with what it began with, or begin anew with another --storage-path");
    }

    private static JsonNode read(Path folder, String label) {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new MergeException(
                    Problem.usage(label, "there is no search to go on with")
                            .expected("a folder with " + FILE)
                            .hint("leave --resume out to begin one"));
        }
        return JsonTree.read(file, MOST_BYTES, label + "/" + FILE);
    }
}
