package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.MergeFolder;
import jmergekit.fixture.TinyAdapter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Plans in files, and files that are none.
class PlanCommandTest {
    private static final String MEAN =
            """
            merge_method: linear
            models:
              - {model: a, parameters: {weight: 1}}
              - {model: b, parameters: {weight: 1}}
            dtype: float32
            """;

    private static final String MIXTURE =
            """
            base_model: a
            gate_mode: cheap_embed
            dtype: float32
            experts:
              - {source_model: a, positive_prompts: [t1 t2]}
              - {source_model: b, positive_prompts: [t3]}
            """;

    @TempDir private Path folder;

    @BeforeEach
    void writeModels() throws IOException {
        MergeFolder models = new MergeFolder(folder);
        models.model("a", 8, MergeFolder.plain(8), 0);
        models.model("b", 8, MergeFolder.plain(8), 1);
        Files.writeString(folder.resolve("recipe.yml"), MEAN);
    }

    private Cli.Result run(String... args) {
        return Cli.run(folder, args);
    }

    private Cli.Result plan(String... options) {
        return run(
                Stream.concat(Stream.of("plan", "recipe.yml"), Arrays.stream(options))
                        .toArray(String[]::new));
    }

    private static void assertRefused(Cli.Result result, int code, String... words) {
        assertThat(result.code()).as(result.err()).isEqualTo(code);
        assertThat(result.err())
                .contains(words)
                .startsWith("error: ")
                .doesNotContain("Exception", "\tat ", "defect");
    }

    private void assertMakesTheBytesOf(String command, String recipe) throws IOException {
        Files.writeString(folder.resolve("recipe.yml"), recipe);
        assertThat(plan("-o", "plan.json", "--name=whole").code()).isZero();
        assertThat(run("part", "plan.json", "out", "--index=0", "--of=1").code()).isZero();
        assertThat(run("publish", "plan.json", "out").code()).isZero();
        assertThat(run(command, "recipe.yml", "whole").code()).isZero();

        try (Stream<Path> files = Files.list(folder.resolve("whole"))) {
            assertThat(files.toList())
                    .isNotEmpty()
                    .allSatisfy(f ->
                            assertThat(folder.resolve("out").resolve(f.getFileName()))
                                    .hasSameBinaryContentAs(f));
        }
    }

    @Test
    void aMergeIsPlannedAndSummedUp() throws IOException {
        Cli.Result result = plan("-o", "plan.json", "--out-shard-size", "20K");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .matches(
                        "plan.json: 12 tensors in 3 shard\\(s\\), [0-9.]+ KB, sha256:[0-9a-f]{64}\\n");
        assertThat(Files.readString(folder.resolve("plan.json")))
                .startsWith("{\"format\":\"jmergekit-plan\",\"version\":1,\"hash\":\"sha256:");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(4);
        }
    }

    @Test
    void howEvenlyPartsShareTheWorkIsSaid() {
        // 39.3 KB from each of two models, and written: 118 KB in all.
        Cli.Result two = plan("-o", "plan.json", "--parts=2", "--out-shard-size=1");
        Cli.Result more = plan("-o", "plan.json", "--parts=24", "--out-shard-size=1");

        assertThat(two.err()).contains("\n2 part(s): 58.9 KB to read and write on average");
        assertThat(two.err()).contains("at most 1.0");
        assertThat(more.err()).contains("\n24 part(s): 4.9 KB to read and write on average");
        assertRefused(plan("-o", "plan.json", "--parts=0"), 2, "--parts: needs a positive number");
    }

    @Test
    void thePlanOnStandardOutputIsThatOfTheFile() throws IOException {
        plan("--output", "plan.json");

        Cli.Result result = plan("-o", "-");

        assertThat(result.out())
                .isEqualTo(Files.readString(folder.resolve("plan.json")) + System.lineSeparator());
        assertThat(result.err()).startsWith("-: 12 tensors");
        assertThat(plan("-q", "-o", "-").err()).isEmpty();
    }

    @Test
    void theGatesOfAMixtureAreInThePlan() throws IOException {
        assertMakesTheBytesOf("moe", MIXTURE);
        assertThat(Files.readString(folder.resolve("plan.json"))).contains("\"computed\":{\"");
    }

    @Test
    void adaptersAreMergedInParts() throws IOException {
        for (String name : List.of("one", "two")) {
            new TinyAdapter(2, 4)
                    .factors("model.layers.0.self_attn.q_proj", 2, 32, 32)
                    .write(folder.resolve(name), "F32");
        }
        assertMakesTheBytesOf(
                "yaml",
                """
                merge_method: linear
                models:
                  - {model: one, parameters: {weight: 1}}
                  - {model: two, parameters: {weight: 1}}
                """);
        assertThat(folder.resolve("out/adapter_model.safetensors")).exists();
    }

    @Test
    void optionsThatChangeTheOutputChangeThePlan() throws IOException {
        plan("-o", "plan.json", "--no-safe-serialization", "--no-write-model-card");
        assertThat(Files.readString(folder.resolve("plan.json")))
                .contains("\"weight_format\":\"pytorch\"", "\"cards\":[]");
        plan("-o", "plan.json", "--no-copy-tokenizer");
        assertThat(Files.readString(folder.resolve("plan.json")))
                .contains("# merged")
                .doesNotContain("tokenizer.json");
    }

    @Test
    void aFileThatIsNoPlanIsNotReplaced() throws IOException {
        assertRefused(plan("-o", "recipe.yml"), 4, "the file exists and is of another kind");
        assertThat(folder.resolve("recipe.yml")).hasContent(MEAN);
        assertRefused(plan("-o", "a"), 4, "a: is a folder");
        assertRefused(plan("-o", "no/plan.json"), 4, "its folder does not exist");
        assertRefused(plan(), 2, "Missing required option: '--output=FILE'");
        assertThat(plan("-o", "plan.json").code()).isZero();
        assertThat(plan("-o", "plan.json", "--out-shard-size=20K").code()).isZero();
    }

    @Test
    void whatIsWrongWithTheRecipeIsSaidWithItsLine() throws IOException {
        Files.writeString(folder.resolve("recipe.yml"), MEAN.replace("linear", "linaer"));
        assertRefused(plan("-o", "plan.json"), 2, "recipe.yml:1:15", "linaer");
        Files.writeString(folder.resolve("recipe.yml"), MEAN.replace("model: b", "model: c"));
        assertRefused(plan("-o", "plan.json"), 3, "there is no folder");
        assertRefused(run("plan", "none.yml", "-o", "plan.json"), 2, "none.yml: no such file");
        assertThat(folder.resolve("plan.json")).doesNotExist();
    }

    @Test
    void aWarningIsAnErrorIfTheUserSaysSo() throws IOException {
        for (String name : List.of("a", "b")) {
            new MergeFolder(folder)
                    .model(name, 8, MergeFolder.plain(8), 1)
                    .config("rope_theta", name.equals("a") ? 5 : 6)
                    .write(folder.resolve(name), "F32");
        }
        Cli.Result result = plan("-o", "plan.json");
        assertThat(result.code()).isZero();
        assertThat(result.err()).startsWith("warning: ").contains("rope_theta");
        Files.delete(folder.resolve("plan.json"));

        assertRefused(plan("-o", "plan.json", "--strict"), 3, "rope_theta");
        assertThat(folder.resolve("plan.json")).doesNotExist();
    }

    @Test
    void aFileThatIsNoPlanIsRefused() throws IOException {
        plan("-o", "plan.json");
        String json = Files.readString(folder.resolve("plan.json"));
        List<String> damaged =
                List.of(
                        "",
                        "{}",
                        "[1]",
                        "null",
                        MEAN,
                        json.substring(0, json.length() / 2),
                        json.replace("\"version\":1", "\"version\":2"),
                        json.replaceFirst("\"bytes\":\\d+", "\"bytes\":-1"),
                        json.replaceFirst("\"shape\":\\[\\d+", "\"shape\":[9000000000000000000"),
                        json.replaceFirst("\"file\":0", "\"file\":70000"),
                        json.replaceFirst("\"weight\":1.0", "\"weight\":2.0"),
                        "[".repeat(100_000));
        for (String text : damaged) {
            Files.writeString(folder.resolve("wrong.json"), text);
            assertRefused(run("part", "wrong.json", "out", "--shards=1"), 3, "wrong.json: ");
            assertRefused(run("publish", "wrong.json", "out"), 3, "wrong.json: ");
        }
        assertRefused(run("publish", "none.json", "out"), 3, "none.json: no such file");
        assertRefused(run("publish", "a", "out"), 3, "a: ");
        assertRefused(run("publish", "a\0b", "out"), 2, "not a path that can be opened");
        assertThat(folder.resolve("out.partial")).doesNotExist();
    }

    @Test
    void aPlanWhoseModelsChangedIsRefused() throws IOException {
        plan("-o", "plan.json");
        new MergeFolder(folder).model("b", 9, MergeFolder.plain(9), 1);

        assertRefused(run("part", "plan.json", "out", "--shards=1"), 3, "plan again");
        assertRefused(run("publish", "plan.json", "out"), 3, "plan again");
    }
}
