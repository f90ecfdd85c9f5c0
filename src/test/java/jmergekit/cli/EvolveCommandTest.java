package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Searches as they are started from the shell, on the example's models.
class EvolveCommandTest {
    private static final Path ROOT = Path.of("").toAbsolutePath();
    private static final String EXAMPLE = "examples/evolve/evolve.yml";
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir private Path folder;

    private Cli.Result evolve(String storage, String... more) {
        return Cli.run(ROOT, args(EXAMPLE, storage, more).toArray(String[]::new));
    }

    private List<String> args(String file, String storage, String... more) {
        List<String> args = new ArrayList<>(List.of("evolve", file, "--storage-path"));
        args.add(folder.resolve(storage).toString());
        args.addAll(List.of(more));
        return args;
    }

    private List<JsonNode> log(String storage) throws IOException {
        try (Stream<String> lines =
                Files.lines(folder.resolve(storage).resolve("evaluations.jsonl"))) {
            return lines.map(JSON::readTree).toList();
        }
    }

    // All but the times, in the order of the numbers.
    private List<String> outcomes(String storage) throws IOException {
        Map<String, String> sorted = new TreeMap<>();
        for (JsonNode line : log(storage)) {
            ObjectNode outcome = (ObjectNode) line;
            outcome.remove(List.of("merge_seconds", "evaluate_seconds"));
            String key =
                    "%s %s %06d"
                            .formatted(
                                    line.path("split").asString(),
                                    line.path("baseline").asString(""),
                                    line.path("number").longValue());
            sorted.put(key, outcome.toString());
        }
        return List.copyOf(sorted.values());
    }

    @Test
    void theBaselinesScoreWhatTransformersSaysAndTheVerdictIsOnHeldOutItems() throws IOException {
        Cli.Result result = evolve("search", "--max-fevals", "4");

        assertThat(result.err()).doesNotContain("warning").contains("candidate 3: ");
        assertThat(result.code()).isZero();
        List<JsonNode> log = log("search");
        assertThat(log).hasSize(4 + 4 + 4 + 4);
        Map<String, Double> parents = new TreeMap<>();
        log.stream()
                .limit(4)
                .forEach(l ->
                        parents.put(
                                l.path("baseline").asString(), l.path("objective").doubleValue()));
        // The means of scores.json, which transformers measured.
        assertThat(parents.get("examples/evolve/models/math")).isCloseTo(-18.56672, within(1e-4));
        assertThat(parents.get("examples/evolve/models/words")).isCloseTo(-2.71782, within(1e-4));
        assertThat(parents.get("examples/evolve/models/base")).isCloseTo(-16.13466, within(1e-4));
        assertThat(result.out())
                .contains("On held-out items it has", "paired bootstrap over 1,200 items")
                .contains("beyond noise");
    }

    @Test
    void theBestConfigGivesTheBytesOfTheFinalModel() throws IOException {
        assertThat(evolve("search", "--max-fevals", "2").code()).isZero();
        Path search = folder.resolve("search");

        Cli.Result merged =
                Cli.run(
                        ROOT,
                        "yaml",
                        search.resolve("best_config.yaml").toString(),
                        folder.resolve("again").toString());

        assertThat(merged.err()).doesNotContain("warning", "error");
        assertThat(folder.resolve("again/model.safetensors"))
                .hasSameBinaryContentAs(search.resolve("final_model/model.safetensors"));
        assertThat(Files.readString(search.resolve("best_config.yaml")))
                .contains("base_model: examples/evolve/models/base")
                .contains("# One number for the attention")
                .doesNotContain("tasks:", "{search", "gradient");
    }

    @Test
    void aSearchThatIsKilledGoesOnToTheSameLog() throws Exception {
        assertThat(evolve("whole", "--max-fevals", "10", "-j", "2").code()).isZero();
        Path log = folder.resolve("killed/evaluations.jsonl");
        Process process = start("killed", "--max-fevals", "10", "-j", "2");
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (lines(log) < 8 && process.isAlive() && System.nanoTime() < end) {
            Thread.sleep(10);
        }
        assertThat(process.isAlive()).as("it is killed before its end").isTrue();
        process.destroyForcibly().waitFor();
        int before = lines(log);

        Cli.Result resumed = evolve("killed", "--max-fevals", "10", "-j", "2", "--resume");

        assertThat(resumed.code()).isZero();
        assertThat(before).isBetween(8, 14);
        assertThat(outcomes("killed")).isEqualTo(outcomes("whole"));
        assertThat(log("killed")).hasSameSizeAs(log("whole"));
    }

    private Process start(String storage, String... more) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--add-modules=jdk.incubator.vector");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(args(EXAMPLE, storage, more));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile())
                .start();
    }

    private static int lines(Path file) throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(file)) {
            return Math.toIntExact(lines.count());
        }
    }

    @Test
    void aDryRunTellsWhatIsSearchedAndKeepsNothing() {
        Cli.Result result = evolve("search", "--dry-run", "--max-fevals", "300");

        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains("search space, 18 variables:")
                .contains("-0.2 to 1.4, from 0.5")
                .contains("  base_model: examples/evolve/models/base")
                .contains("its objective: -11.0")
                .contains("for 300 candidates");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void allThatIsWrongWithTheOptionsIsSaidAtOnce() {
        Cli.Result result =
                evolve(
                        "search",
                        "--algorithm",
                        "cmaes",
                        "--max-fevals",
                        "0",
                        "--sigma0",
                        "-1",
                        "--strategy",
                        "parallel",
                        "--jobs",
                        "0",
                        "--force-population-size",
                        "1",
                        "--load-in-4bit",
                        "--load-in-8bit");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err().lines().filter(l -> l.startsWith("error: "))).hasSize(7);
        assertThat(result.err())
                .contains("--algorithm: unknown name 'cmaes' (did you mean 'cma-es'?)")
                .contains("--max-fevals: needs a number of at least 1 (found 0)");
    }

    @Test
    void publicBenchmarksAreRefusedUnlessAllowed() throws IOException {
        Path file = folder.resolve("benchmark.yml");
        Files.writeString(
                file,
                """
                genome:
                  models: [examples/evolve/models/math, examples/evolve/models/words]
                  merge_method: linear
                tasks:
                  - name: gsm8k
                evaluator: {command: "echo '{\\"gsm8k\\": 0.5}' > {out}/results.json; test -e {model}"}
                """);
        Cli.Result refused = Cli.run(ROOT, args(file.toString(), "a").toArray(String[]::new));

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .contains("benchmark.yml:5:")
                .contains("'gsm8k' is a public benchmark")
                .contains("--allow-benchmark-tasks");
        for (String option :
                List.of(
                        "--allow-benchmark-tasks",
                        "--i-understand-the-depths-of-the-evils-i-am-unleashing")) {
            String storage = "with" + option.length();
            Cli.Result allowed =
                    Cli.run(
                            ROOT,
                            args(
                                            file.toString(),
                                            storage,
                                            option,
                                            "--max-fevals",
                                            "2",
                                            "--no-save-final-model")
                                    .toArray(String[]::new));

            assertThat(allowed.err()).contains("candidate 1: 0.5");
            assertThat(allowed.code()).isZero();
            assertThat(folder.resolve(storage).toFile().list())
                    .contains("best_config.yaml")
                    .doesNotContain("final_model", "merged", "trials");
        }
    }

    @Test
    void aFailedCandidateKeepsItsLog() throws IOException {
        Path file = folder.resolve("failing.yml");
        Files.writeString(
                file,
                """
                genome:
                  models: [examples/evolve/models/math, examples/evolve/models/words]
                  merge_method: linear
                tasks: [{name: mine}]
                evaluator:
                  command: >-
                    test -e {model}; case {out} in *candidate-00001) echo it broke; exit 3;; esac;
                    echo '{"mine": 0.5}' > {out}/results.json
                """);

        Cli.Result result =
                Cli.run(
                        ROOT,
                        args(file.toString(), "search", "--max-fevals", "3")
                                .toArray(String[]::new));

        assertThat(result.code()).isZero();
        assertThat(result.err())
                .contains("candidate 1: failed: the command ended with status 3: it broke");
        assertThat(Files.readString(folder.resolve("search/trials/candidate-00001/log.txt")))
                .contains("it broke");
        assertThat(log("search").stream().filter(l -> l.has("failure"))).hasSize(1);
    }
}
