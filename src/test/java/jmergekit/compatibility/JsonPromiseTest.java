package jmergekit.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jmergekit.fixture.Cli;
import jmergekit.weights.JsonTree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Programs that read JSON outputs keep working.
class JsonPromiseTest {
    private static final Path ROOT = Path.of("").toAbsolutePath();
    private static final String BASE = "examples/models/base";
    private static final String CHAT = "examples/models/chat";
    private static final String CODE = "examples/models/code";
    private static final String CHATML = "examples/models/chatml";

    @TempDir private Path folder;

    private final List<String> lines = new ArrayList<>();

    private static String run(String... args) {
        Cli.Result result = Cli.run(ROOT, args);
        assertThat(result.code()).as(result.err()).isZero();
        return result.out();
    }

    private static JsonNode json(String... args) {
        return JsonTree.MAPPER.readTree(run(args));
    }

    private JsonNode written(String file) throws IOException {
        return JsonTree.MAPPER.readTree(Files.readString(folder.resolve(file)));
    }

    private String place(String name) {
        return folder.resolve(name).toString();
    }

    private String recipe(String text) throws IOException {
        Path file = Files.createTempFile(folder, "recipe", ".yml");
        return Files.writeString(file, text).toString();
    }

    @Test
    void plansStay() throws IOException {
        JsonPaths plan =
                new JsonPaths(
                        "computed",
                        "metadata",
                        "<work merge>.parameters",
                        "<work merge>.parameters_of_inputs[]");
        for (String recipe : List.of("ties", "slerp", "passthrough", "tokenizer", "adapter")) {
            plan.add(dryRun("yaml", "examples/%s.yml".formatted(recipe)));
        }
        plan.add(dryRun("moe", "examples/moe/mixtral.yml"));
        plan.add(dryRun("pytorch", "examples/checkpoints/classifier.yml"));
        plan.add(
                json(
                        "multi",
                        "examples/multi/three-stages.yml",
                        "--out-path=unused",
                        "--dry-run",
                        "--format=json"));
        plan.add(json("plan", "examples/ties.yml", "--output=-", "--no-safe-serialization"));
        lines.addAll(plan.lines("plan"));

        Promise.check("json-plan", lines);
    }

    private static JsonNode dryRun(String command, String recipe) {
        return json(command, recipe, "unused", "--dry-run", "--format=json");
    }

    @Test
    void reportsStay() throws IOException {
        JsonPaths check = new JsonPaths("outputs[].parameters[].layers[].values");
        check.add(json("check", "examples/ties.yml", "--json"));
        check.add(json("check", "examples/slerp.yml", "--json", "--quick"));
        check.add(json("check", warned(), "--json", "--quick"));
        lines.addAll(check.lines("check --json"));
        JsonPaths diff = new JsonPaths();
        diff.add(json("diff", "--base", BASE, CHAT, CODE, "--json"));
        diff.add(json("diff", BASE, CHATML, "--json"));
        lines.addAll(diff.lines("diff --json"));
        String[] columns =
                run("diff", BASE, CHAT, "--csv").lines().findFirst().orElse("").split(",");
        for (int i = 0; i < columns.length; i++) {
            lines.add("diff --csv  column %02d: %s".formatted(i + 1, columns[i]));
        }

        Promise.check("json-reports", lines);
    }

    private String warned() throws IOException {
        return recipe(
                """
                merge_method: linear
                parameters: {weight: 1}
                models: [{model: %s}, {model: %s}]
                colour: blue
                """
                        .formatted(CHAT, CODE));
    }

    @Test
    void outputsStay() throws IOException {
        run("yaml", "examples/ties.yml", place("ties"));
        lines.addAll(
                new JsonPaths()
                        .add(written("ties/mergekit_config.plan.json"))
                        .lines("mergekit_config.plan.json"));
        run("moe", "examples/moe/mixtral.yml", place("moe"));
        lines.addAll(
                new JsonPaths()
                        .add(written("moe/mergekit_moe_config.plan.json"))
                        .lines("mergekit_moe_config.plan.json"));
        run("tokensurgeon", BASE, CHATML, place("transplanted"), "-k", "16");
        lines.addAll(
                new JsonPaths("tokens", "held_out")
                        .add(written("transplanted/mergekit_tokensurgeon.json"))
                        .lines("mergekit_tokensurgeon.json"));
        lines.addAll(
                new JsonPaths()
                        .add(written("transplanted/mergekit_tokensurgeon.plan.json"))
                        .lines("mergekit_tokensurgeon.plan.json"));
        JsonPaths show = new JsonPaths();
        show.add(json("show", place("ties"), "--json"));
        show.add(json("show", place("transplanted"), "--json"));
        lines.addAll(show.lines("show --json"));

        Promise.check("json-outputs", lines);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the command is for a Unix shell")
    void logOfASearchStays() throws IOException {
        JsonPaths log = new JsonPaths("scores");
        String score = "{\"value\": 0.5, \"stderr\": 0.1, \"items\": [1, 0]}";
        search("good", "{\"a\": %1$s, \"b\": %1$s}".formatted(score), log);
        // Nothing is reported of the task with held-out items.
        search("bad", "{\"a\": %s}".formatted(score), log);

        Promise.check("json-search", log.lines("evaluations.jsonl"));
    }

    private void search(String name, String scores, JsonPaths log) throws IOException {
        String recipe =
                recipe(
                        """
                        merge_method: linear
                        models:
                          - model: %s
                            parameters: {weight: {search: [0, 1]}}
                          - model: %s
                            parameters: {weight: 1}
                        tasks: [{name: a, held_out: b}]
                        evaluator:
                          command: >-
                            echo '%s' {model} {split}
                        """
                                .formatted(CHAT, CODE, scores));
        run(
                "evolve",
                recipe,
                "--storage-path",
                place(name),
                "--max-fevals=1",
                "--jobs=4",
                "--no-save-final-model");
        for (String line : Files.readAllLines(folder.resolve(name).resolve("evaluations.jsonl"))) {
            log.add(JsonTree.MAPPER.readTree(line));
        }
    }
}
