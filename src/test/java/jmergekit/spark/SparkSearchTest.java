package jmergekit.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import jmergekit.cli.Main;
import jmergekit.fixture.Cli;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Searches whose candidates are made and scored on Spark.
@Tag("cluster")
class SparkSearchTest {
    private static final Path ROOT = Path.of("").toAbsolutePath();
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir private Path folder;

    private List<String> evolve(String file, String storage) {
        return List.of(
                "evolve",
                file,
                "--storage-path",
                folder.resolve(storage).toString(),
                "--max-fevals=6",
                "--jobs=2",
                "--no-save-final-model");
    }

    private void compare(String file) throws Exception {
        SparkProcesses spark = new SparkProcesses(ROOT, SparkProcesses.in(folder).home());
        Cli.Result single = Cli.run(ROOT, evolve(file, "single").toArray(String[]::new));
        assertThat(single.code()).as(single.err()).isZero();
        List<String> args = new ArrayList<>(evolve(file, "made"));
        args.addAll(List.of("--cluster", "local-cluster[2,1,1024]"));
        try (SparkProcesses.Running running =
                spark.start(Main.class, args.toArray(String[]::new))) {
            Cli.Result result = running.result();

            assertThat(result.code()).as(result.err()).isZero();
        }
        assertThat(outcomes("made")).isEqualTo(outcomes("single")).hasSizeGreaterThan(8);
        assertThat(folder.resolve("made/best_config.yaml"))
                .hasSameTextualContentAs(folder.resolve("single/best_config.yaml"));
        assertThat(folder.resolve("made/merged")).doesNotExist();
    }

    // All but the times, by what was asked.
    private Map<String, String> outcomes(String storage) throws IOException {
        Map<String, String> outcomes = new TreeMap<>();
        try (Stream<String> lines = Files.lines(folder.resolve(storage + "/evaluations.jsonl"))) {
            for (String line : lines.toList()) {
                ObjectNode outcome = (ObjectNode) JSON.readTree(line);
                outcome.remove(List.of("merge_seconds", "evaluate_seconds"));
                String key =
                        outcome.path("split").asString()
                                + outcome.path("baseline").asString("")
                                + outcome.path("number").longValue();
                assertThat(outcome.has("failure")).as(line).isFalse();
                outcomes.put(key, outcome.toString());
            }
        }
        return outcomes;
    }

    @Test
    void modelsInMemoryGetTheScoresOfALocalSearch() throws Exception {
        compare("examples/evolve/evolve.yml");
    }

    @Test
    void modelsInFoldersGetTheScoresOfALocalSearch() throws Exception {
        // A number that depends on the model's bytes.
        Path script = folder.resolve("score.sh");
        Files.writeString(
                script,
                """
                sum=$(cat "$1"/*.safetensors | cksum | cut -d ' ' -f 1)
                printf '{"sum": %s}' "$sum"
                """);
        Path file = folder.resolve("search.yml");
        Files.writeString(
                file,
                """
                merge_method: linear
                models:
                  - model: examples/models/chat
                    parameters: {weight: {search: [0, 1], start: 0.5}}
                  - model: examples/models/code
                    parameters: {weight: 1}
                dtype: float32
                tasks:
                  - name: sum
                evaluator:
                  command: "sh %s {model}"
                """
                        .formatted(script));
        compare(file.toString());
    }
}
