package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyAdapter;
import jmergekit.fixture.TinyModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `show` and `verify` of outputs that commands made just before.
class HistoryCommandsTest {
    private static final String TIES =
            """
            merge_method: ties
            base_model: base
            models:
              - model: a
                parameters: {weight: 0.5, density: 0.5}
              - model: b
                parameters: {weight: 0.5, density: 0.5}
            dtype: bfloat16
            """;

    private static final String SLERP =
            """
            merge_method: slerp
            base_model: first
            models:
              - model: b
            parameters: {t: 0.3}
            dtype: float32
            """;

    @TempDir private Path folder;

    @BeforeEach
    void writeModels() {
        TinyModel base = TinyModel.llama(2, 40, false, 1).write(folder.resolve("base"), "F32");
        base.tuned(1).write(folder.resolve("a"), "F32");
        base.tuned(2).write(folder.resolve("b"), "F32");
    }

    private Cli.Result run(String... args) {
        return Cli.run(folder, args);
    }

    private void merge(String recipe, String output, String... options) throws IOException {
        Files.writeString(folder.resolve(output + ".yml"), recipe);
        String[] args = new String[options.length + 3];
        args[0] = "yaml";
        args[1] = output + ".yml";
        args[2] = output;
        System.arraycopy(options, 0, args, 3, options.length);
        Cli.Result made = run(args);
        assertThat(made.err()).doesNotContain("error");
        assertThat(made.code()).isZero();
    }

    private static void assertRefused(Cli.Result result, int code, String... parts) {
        assertThat(result.err()).contains(parts).doesNotContain("at jmergekit");
        assertThat(result.code()).isEqualTo(code);
    }

    @Test
    void showPrintsRecipePlanAndTreeOfParents() throws IOException {
        merge(TIES, "first");
        merge(SLERP, "second");

        Cli.Result shown = run("show", "second");

        assertThat(shown.code()).isZero();
        assertThat(shown.out())
                .contains("a merge: slerp", "sha256:", "seed 0", "    parameters: {t: 0.3}")
                .contains("├── first (base): ties\n│   ├── base (base)\n│   ├── a\n│   └── b\n")
                .endsWith("└── b: see above\n");
    }

    @Test
    void showPrintsTheSameAsJson() throws IOException {
        merge(TIES, "first", "--random-seed", "7");

        JsonNode json = new JsonMapper().readTree(run("show", "first", "--json").out());

        assertThat(json.path("format").stringValue()).isEqualTo("jmergekit-lineage");
        assertThat(json.path("recipe").stringValue()).isEqualTo(TIES);
        assertThat(json.path("settings").path("random_seed").intValue()).isEqualTo(7);
        assertThat(json.path("plan").stringValue()).matches("sha256:[0-9a-f]{64}");
        assertThat(json.path("parents").findValuesAsString("model"))
                .containsExactly("base", "a", "b");
    }

    @Test
    void parentsBesideAModelAreFoundFromAnywhere() throws IOException {
        merge(TIES, "first");
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));

        Cli.Result shown = Cli.run(elsewhere, "show", "../first");

        assertThat(shown.out()).contains("├── a\n").doesNotContain("not on this machine");
    }

    @Test
    void aModelThatIsItsOwnParentEnds() throws IOException {
        Path loop = Files.createDirectory(folder.resolve("loop"));
        Files.writeString(
                loop.resolve("mergekit_config.yml"), TIES.replace("model: a", "model: loop"));

        Cli.Result shown = run("show", "loop");

        assertThat(shown.code()).isZero();
        assertThat(shown.out()).contains("├── loop: see above");
    }

    @Test
    void hostileFilesOfAFolderAreShownWithoutControlCharacters() throws IOException {
        Path hostile = Files.createDirectory(folder.resolve("hostile"));
        Files.writeString(
                hostile.resolve("mergekit_config.yml"), "merge_method: \u001b[2J\nmodels: 7\n");
        Files.writeString(hostile.resolve("mergekit_config.plan.json"), "{\"plan\": \"\u001b\"}");

        Cli.Result shown = run("show", "hostile");

        assertThat(shown.code()).isZero();
        assertThat(shown.out()).contains("a recipe that cannot be read").doesNotContain("\u001b");
    }

    @Test
    void aFolderWithoutARecipeTellsNothing() {
        assertThat(run("show", "a").out()).contains("the folder has no recipe");
        assertRefused(run("show", "nowhere"), 2, "nowhere: no such folder");
        assertRefused(run("verify", "a"), 3, "has no recipe");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--out-shard-size=20KB",
                "--no-safe-serialization",
                "--no-copy-tokenizer",
                "--random-seed=9"
            })
    void anOutputIsVerifiedWithTheOptionsThatItWasMadeWith(String option) throws IOException {
        merge(TIES.replace("method: ties", "method: dare_ties"), "out", option);

        Cli.Result verified = run("verify", "out", "--bytes", "1000");

        assertThat(verified.err()).isEmpty();
        assertThat(verified.code()).isZero();
        assertThat(verified.out())
                .contains("the plan matches the recorded one")
                .contains("21 of 21 tensors")
                .contains("the bytes are identical");
    }

    @Test
    void aSampleIsMadeAgain() throws IOException {
        merge(TIES, "out");

        assertThat(run("verify", "out", "--bytes").out()).contains("16 of 21 tensors");
        assertThat(run("verify", "out", "--bytes", "3").out()).contains("3 of 21 tensors");
        assertRefused(run("verify", "out", "--bytes", "0"), 2, "--bytes: needs a positive number");
    }

    @Test
    void methodsThatMeasureAllTensorsMakeTheSameBytesInASample() throws IOException {
        merge(
                """
                merge_method: ramplus_tl
                base_model: base
                models:
                  - model: a
                  - model: b
                """,
                "out");

        Cli.Result verified = run("verify", "out", "--bytes", "4");

        assertThat(verified.err()).isEmpty();
        assertThat(verified.out()).contains("4 of 21 tensors").contains("the bytes are identical");
    }

    @Test
    void oneOtherBitIsFound() throws IOException {
        merge(TIES, "out");
        Path weights = folder.resolve("out/model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 1] ^= 1;
        Files.write(weights, bytes);
        // The list of files would tell it of so small a file.
        Files.delete(folder.resolve("out/.jmergekit-files.json"));

        Cli.Result headers = run("verify", "out");
        Cli.Result verified = run("verify", "out", "--bytes", "1000");

        assertThat(headers.code()).isZero();
        assertRefused(verified, 3, "1 tensor(s) differ from those that a run makes now");
    }

    @Test
    void aFileThatWasWrittenToIsFound() throws IOException {
        merge(TIES, "out");
        Files.writeString(folder.resolve("out/README.md"), "mine");

        Cli.Result card = run("verify", "out");

        assertThat(card.code()).isZero();
        assertThat(card.err()).contains("warning: out/README.md: has changed since it was written");
        Files.writeString(folder.resolve("out/config.json"), "{}");
        assertRefused(run("verify", "out"), 3, "error: out/config.json: has changed since it was");
    }

    @Test
    void aDamagedListOfFilesIsFound() throws IOException {
        merge(TIES, "out");
        Path list = folder.resolve("out/.jmergekit-files.json");
        for (String text : new String[] {"", "{}", "[1]", "{\"files\": {}}"}) {
            Files.writeString(list, text);
            assertRefused(run("verify", "out"), 3, "is not a valid list of the written files");
        }
        Files.delete(list);
        Cli.Result without = run("verify", "out");
        assertThat(without.code()).isZero();
        assertThat(without.err()).contains("warning: out: has no list of its files");
    }

    @Test
    void anInputOfOtherShapesIsFound() throws IOException {
        merge(TIES, "out");
        for (String name : new String[] {"base", "a", "b"}) {
            TinyModel.llama(2, 44, false, 1).write(folder.resolve(name), "F32");
        }

        Cli.Result verified = run("verify", "out");

        assertRefused(
                verified,
                3,
                "was made from another plan",
                "2 tensor(s) with another dtype or shape than planned",
                "lm_head.weight is BF16 [40, 32], planned BF16 [44, 32]");
    }

    @Test
    void outputsWithoutACardOrOfOtherCommandsAreRefused() throws IOException {
        merge(TIES, "bare", "--no-write-model-card");
        assertRefused(run("verify", "bare"), 3, "has no recipe");
        merge(TIES, "old");
        Files.delete(folder.resolve("old/mergekit_config.plan.json"));
        assertRefused(run("verify", "old"), 3, "no plan hash");
    }

    @Test
    void anOutputOfAnEarlierVersionIsVerifiedWithTheUsualOptions() throws IOException {
        merge(TIES, "out");
        Path note = folder.resolve("out/mergekit_config.plan.json");
        JsonNode json = new JsonMapper().readTree(note);
        Files.writeString(note, "{\"plan\": \"%s\"}".formatted(json.path("plan").stringValue()));
        Files.delete(folder.resolve("out/.jmergekit-files.json"));

        Cli.Result verified = run("verify", "out");

        assertThat(verified.code()).isZero();
        assertThat(verified.err()).contains("does not record the options");
    }

    private static final String STAGES =
            """
            name: mean
            merge_method: linear
            models:
              - model: a
              - model: b
            parameters: {weight: 0.5}
            ---
            merge_method: slerp
            base_model: mean
            models:
              - model: b
            parameters: {t: 0.3}
            """;

    @Test
    void anOutputOfSeveralRecipesIsShownAndVerified() throws IOException {
        Files.writeString(folder.resolve("stages.yml"), STAGES);
        assertThat(run("multi", "stages.yml", "--out-path", "out").code()).isZero();

        Cli.Result shown = run("show", "out");
        Cli.Result verified = run("verify", "out", "--bytes", "1000");

        assertThat(shown.out()).contains("linear, slerp").endsWith("out\n├── a\n└── b\n");
        assertThat(verified.err()).isEmpty();
        assertThat(verified.out())
                .contains("the plan matches the recorded one", "the bytes are " + "identical");
    }

    @Test
    void anOutputOfStagesInFoldersIsVerifiedWithThem() throws IOException {
        Files.writeString(folder.resolve("stages.yml"), STAGES);
        assertThat(run("multi", "stages.yml", "-I", "steps", "--out-path", "out").code()).isZero();

        assertRefused(run("verify", "out"), 3, "was made from another plan");
        assertThat(run("verify", "out", "-I", "steps", "--bytes").code()).isZero();
        assertThat(run("verify", "steps/mean", "--bytes").code()).isZero();
    }

    @Test
    void anAdapterThatWasMergedIsVerified() throws IOException {
        for (String name : new String[] {"one", "two"}) {
            new TinyAdapter(2, 4)
                    .factors("model.layers.0.self_attn.q_proj", 2, 32, 32)
                    .write(folder.resolve(name), "F32");
        }
        merge(
                """
                merge_method: linear
                models:
                  - model: one
                  - model: two
                parameters: {weight: 0.5}
                """,
                "out");

        Cli.Result verified = run("verify", "out", "--bytes");

        assertThat(verified.err()).isEmpty();
        assertThat(verified.out()).contains("the bytes are identical");
        assertThat(run("show", "out").out()).contains("├── one: adapter\n");
    }
}
