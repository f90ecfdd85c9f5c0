package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyTokenizer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Recipes that use what others make.
class MultiCommandTest {
    private static final String FIRST =
            """
            name: first
            merge_method: linear
            models:
              - {model: a, parameters: {weight: 0.5}}
              - {model: b, parameters: {weight: 0.7}}
            dtype: %1$s
            """;

    private static final String SECOND =
            """
            name: second
            merge_method: ties
            base_model: a
            models:
              - {model: first, parameters: {weight: 1, density: 0.4}}
              - {model: c, parameters: {weight: 0.5, density: 0.6}}
            dtype: %1$s
            """;

    private static final String LAST =
            """
            merge_method: slerp
            base_model: second
            models: [{model: first}]
            parameters: {t: 0.3}
            dtype: %2$s
            """;

    @TempDir private Path folder;

    @BeforeEach
    void writeModels() {
        TinyTokenizer.of(List.of("x", "y")).write(folder.resolve("a"));
        TinyTokenizer.of(List.of("x", "z")).write(folder.resolve("b"));
        TinyModel.llama(2, 16, false, 0).write(folder.resolve("a"), "F32");
        TinyModel.llama(2, 16, false, 0).tuned(1).write(folder.resolve("b"), "F32");
        TinyModel.llama(2, 16, false, 0).tuned(2).write(folder.resolve("c"), "F32");
    }

    private Cli.Result multi(String recipes, String... more) {
        write("all.yml", recipes);
        List<String> args = new ArrayList<>(List.of("multi", "all.yml"));
        args.addAll(List.of(more));
        return Cli.run(folder, args.toArray(String[]::new));
    }

    private void write(String name, String text) {
        try {
            Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String stages(String inner, String last) {
        return (LAST + "---\n" + SECOND + "---\n" + FIRST).formatted(inner, last);
    }

    private void step(String recipe, String output) {
        write("step.yml", recipe);
        Cli.Result result = Cli.run(folder, "yaml", "step.yml", output);
        assertThat(result.code()).as(result.err()).isZero();
    }

    private byte[] weights(String output) throws IOException {
        return Files.readAllBytes(folder.resolve(output).resolve("model.safetensors"));
    }

    @ParameterizedTest
    @CsvSource({"float32,float32", "float32,bfloat16"})
    void onePassGivesTheBytesOfThreeCommandsWithModelsInFloat32(String inner, String last)
            throws IOException {
        step(FIRST.formatted(inner), "first");
        step(SECOND.formatted(inner), "second");
        step(LAST.formatted(inner, last), "stepwise");
        for (String name : List.of("first", "second")) {
            Files.move(folder.resolve(name), folder.resolve("kept-" + name));
        }

        Cli.Result result = multi(stages(inner, last), "--out-path", "out");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(weights("out")).isEqualTo(weights("stepwise"));
        assertThat(names("out")).isEqualTo(names("stepwise"));
        assertThat(folder.resolve("first")).doesNotExist();
    }

    @Test
    void modelsInBetweenAreNotRounded() throws IOException {
        step(FIRST.formatted("float32"), "first");
        step(SECOND.formatted("float32"), "second");
        step(LAST.formatted("", "bfloat16"), "stepwise");
        for (String name : List.of("first", "second")) {
            Files.move(folder.resolve(name), folder.resolve("kept-" + name));
        }

        assertThat(multi(stages("bfloat16", "bfloat16"), "--out-path", "out").code()).isZero();
        assertThat(weights("out")).isEqualTo(weights("stepwise"));
    }

    @Test
    void theDtypeOfAnInnerRecipeIsThatOfAModelWithoutOne() throws IOException {
        String last = "merge_method: passthrough\nmodels: [{model: first}]\n---\n";

        assertThat(multi(last + FIRST.formatted("bfloat16"), "--out-path", "out").code()).isZero();
        assertThat(TinyModel.readConfig(folder.resolve("out")).path("torch_dtype").asString())
                .isEqualTo("bfloat16");
        assertThat(Files.size(folder.resolve("out/model.safetensors")))
                .isLessThan(Files.size(folder.resolve("a/model.safetensors")) * 2 / 3);
    }

    @Test
    void writtenStagesGiveTheBytesOfThreeCommandsInAnyDtype() throws IOException {
        step(FIRST.formatted("bfloat16"), "first");
        step(SECOND.formatted("bfloat16"), "second");
        step(LAST.formatted("", "bfloat16"), "stepwise");
        for (String name : List.of("first", "second")) {
            Files.move(folder.resolve(name), folder.resolve("kept-" + name));
        }

        Cli.Result result =
                multi(stages("bfloat16", "bfloat16"), "--out-path", "out", "-I", "stages");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(weights("out")).isEqualTo(weights("stepwise"));
        assertThat(weights("stages/first")).isEqualTo(weights("kept-first"));
        assertThat(names("stages")).containsExactly("first", "second");
    }

    @Test
    void aSecondRunTakesWhatIsThere() throws IOException {
        String[] args = {"--out-path", "out", "--intermediate-dir", "stages", "--overwrite"};
        assertThat(multi(stages("float32", "float32"), args).code()).isZero();
        FileTime made = Files.getLastModifiedTime(folder.resolve("stages/first/model.safetensors"));

        Cli.Result again = multi(stages("float32", "float32"), args);

        assertThat(again.err())
                .contains("first: is there already", "second: is there already", "out: ");
        assertThat(Files.getLastModifiedTime(folder.resolve("stages/first/model.safetensors")))
                .isEqualTo(made);
    }

    @Test
    void aStageIsMadeAgainIfItsRecipeChangesAndSoIsWhatFollows() {
        String[] args = {"--out-path", "out", "--intermediate-dir", "stages"};
        assertThat(multi(stages("float32", "float32"), args).code()).isZero();

        Cli.Result again =
                multi(
                        stages("float32", "float32").replace("weight: 0.7", "weight: 0.8"),
                        "--out-path",
                        "out2",
                        "-I",
                        "stages");

        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.err()).doesNotContain("is there already");
    }

    @Test
    void aStageIsMadeAgainIfAnInputChanges() throws IOException {
        String[] args = {"--out-path", "out", "-I", "stages", "--overwrite"};
        assertThat(multi(stages("float32", "float32"), args).code()).isZero();
        byte[] before = weights("out");
        TinyModel.llama(2, 16, false, 0).tuned(7).write(folder.resolve("c"), "F32");
        Files.setLastModifiedTime(
                folder.resolve("c/model.safetensors"), FileTime.fromMillis(1_000_000));

        Cli.Result again = multi(stages("float32", "float32"), args);

        assertThat(again.err())
                .contains("first: is there already")
                .doesNotContain("second: is there already");
        assertThat(weights("out")).isNotEqualTo(before);
    }

    @Test
    void aStageThatSomebodyChangedIsMadeAgain() throws IOException {
        String[] args = {"--out-path", "out", "-I", "stages", "--overwrite"};
        assertThat(multi(stages("float32", "float32"), args).code()).isZero();
        byte[] whole = weights("stages/first");
        Files.delete(folder.resolve("stages/first/model.safetensors"));

        Cli.Result again = multi(stages("float32", "float32"), args);

        assertThat(again.code()).as(again.err()).isZero();
        assertThat(weights("stages/first")).isEqualTo(whole);
    }

    @Test
    void noLazyMakesAllAgain() {
        String[] args = {"--out-path", "out", "-I", "stages", "--overwrite", "--no-lazy"};
        assertThat(multi(stages("float32", "float32"), args).code()).isZero();

        assertThat(multi(stages("float32", "float32"), args).err())
                .contains("first: 21 tensors merged")
                .doesNotContain("is there already");
    }

    @Test
    void aFolderOfSomebodyElseIsNotReplaced() throws IOException {
        Files.createDirectories(folder.resolve("stages/first"));
        write("stages/first/notes.txt", "mine");

        Cli.Result result =
                multi(stages("float32", "float32"), "--out-path", "out", "-I", "stages");

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err()).contains("stages/first");
        assertThat(folder.resolve("stages/first/notes.txt")).hasContent("mine");
    }

    @Test
    void theTokenizerOfAnInnerRecipeIsThatOfTheOutput() throws IOException {
        String inner =
                """
                name: both
                merge_method: linear
                models:
                  - {model: a, parameters: {weight: 1}}
                  - {model: b, parameters: {weight: 1}}
                tokenizer: {source: union}
                dtype: float32
                """;
        String last = "---\nmerge_method: passthrough\nmodels: [{model: both}]\n";
        step(inner, "stepwise");

        Cli.Result result = multi(inner + last, "--out-path", "out");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(weights("out")).isEqualTo(weights("stepwise"));
        for (String file : List.of("tokenizer.json", "tokenizer_config.json", "config.json")) {
            assertThat(folder.resolve("out").resolve(file))
                    .hasSameTextualContentAs(folder.resolve("stepwise").resolve(file));
        }
    }

    @Test
    void aVocabularyIsMergedWithThatOfAnInnerRecipe() throws IOException {
        String inner =
                """
                name: both
                merge_method: linear
                models:
                  - {model: a, parameters: {weight: 1}}
                  - {model: b, parameters: {weight: 1}}
                tokenizer: {source: union}
                dtype: float32
                """;
        TinyTokenizer.of(List.of("x", "w")).write(folder.resolve("c"));
        String last =
                """
                merge_method: linear
                models:
                  - {model: %s, parameters: {weight: 1}}
                  - {model: c, parameters: {weight: 1}}
                tokenizer: {source: union}
                dtype: float32
                """;
        step(inner, "stepwise-inner");
        step(last.formatted("./stepwise-inner"), "stepwise");

        Cli.Result result = multi(inner + "---\n" + last.formatted("both"), "--out-path", "out");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(weights("out")).isEqualTo(weights("stepwise"));
        assertThat(folder.resolve("out/tokenizer.json"))
                .hasSameTextualContentAs(folder.resolve("stepwise/tokenizer.json"));
    }

    @Test
    void aNameStandsForAModelWithAnAdapterInSlicesAndAsTheSourceOfTokens() throws IOException {
        String recipes =
                """
                name: average
                merge_method: linear
                models:
                  - {model: examples/models/chat, parameters: {weight: 0.6}}
                  - {model: examples/models/code, parameters: {weight: 0.4}}
                dtype: float32
                ---
                name: stack
                merge_method: passthrough
                slices:
                  - sources: [{model: average, layer_range: [0, 2]}]
                  - sources: [{model: average+examples/adapters/poems, layer_range: [1, 4]}]
                dtype: float32
                ---
                merge_method: linear
                base_model: stack
                models: [{model: stack, parameters: {weight: 1}}]
                tokenizer:
                  source: average
                  tokens:
                    "<|x|>": {source: {kind: model_token, model: stack, token: a}}
                dtype: float32
                """;
        write("all.yml", recipes);
        String file = folder.resolve("all.yml").toString();
        Path root = Path.of("").toAbsolutePath();

        Cli.Result once =
                Cli.run(root, "multi", file, "--out-path", folder.resolve("once").toString());
        Cli.Result apart =
                Cli.run(
                        root,
                        "multi",
                        file,
                        "--out-path",
                        folder.resolve("apart").toString(),
                        "-I",
                        folder.resolve("stages").toString());

        assertThat(once.code()).as(once.err()).isZero();
        assertThat(apart.code()).as(apart.err()).isZero();
        assertThat(weights("once")).isEqualTo(weights("apart"));
        for (String name : List.of("tokenizer.json", "config.json", "tokenizer_config.json")) {
            assertThat(folder.resolve("once").resolve(name))
                    .hasSameTextualContentAs(folder.resolve("apart").resolve(name));
        }
        assertThat(folder.resolve("once/README.md"))
                .content()
                .contains("* stack (made by another recipe)");
    }

    @Test
    void namedRecipesThatNobodyUsesGetFoldersInTheOutPath() throws IOException {
        String other = "---\n" + FIRST.replace("first", "other").formatted("float32");

        assertThat(multi(FIRST.formatted("float32") + other, "--out-path", "out").code()).isZero();
        assertThat(names("out")).containsExactly("first", "other");
        assertThat(weights("out/first")).isEqualTo(weights("out/other"));
    }

    @Test
    void aLadderOfRecipesIsPlannedInTimeThatGrowsWithItsLength() {
        StringBuilder recipes = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            recipes.append(
                    """
                    name: s%d
                    merge_method: linear
                    models:
                      - {model: %s, parameters: {weight: 1}}
                      - {model: %s, parameters: {weight: 1}}
                    dtype: float32
                    ---
                    """
                            .formatted(
                                    i, i < 1 ? "a" : "s" + (i - 1), i < 2 ? "b" : "s" + (i - 2)));
        }
        recipes.append("merge_method: passthrough\nmodels: [{model: s39}]\ndtype: float32\n");

        Cli.Result result = multi(recipes.toString(), "--out-path", "out");

        assertThat(result.code()).as(result.err()).isZero();
    }

    @Test
    void aMixtureTakesExpertsThatOthersMake() {
        String mixture =
                """
                base_model: a
                gate_mode: cheap_embed
                experts:
                  - {source_model: first, positive_prompts: [x]}
                  - {source_model: c, positive_prompts: [y]}
                dtype: float32
                """;

        Cli.Result result =
                multi(FIRST.formatted("float32") + "---\n" + mixture, "--out-path", "out");

        assertThat(result.code()).as(result.err()).isZero();
    }

    @Test
    void aMixtureInsideARecipeNeedsAFolder() {
        String mixture =
                """
                name: mixture
                base_model: a
                gate_mode: random
                experts: [{source_model: b}, {source_model: c}]
                dtype: float32
                """;
        String last = "---\nmerge_method: passthrough\nmodels: [{model: mixture}]\n";

        Cli.Result inside = multi(mixture + last, "--out-path", "out");
        assertThat(inside.code()).isEqualTo(2);
        assertThat(inside.err())
                .contains("all.yml:1:1", "'mixture' makes a mixture", "--intermediate-dir");

        Cli.Result apart = multi(mixture + last, "--out-path", "out", "-I", "stages");
        assertThat(apart.code()).as(apart.err()).isZero();
    }

    @Test
    void mistakesOfAllStagesAreFoundBeforeAnythingIsMade() {
        String recipes =
                stages("float32", "float32")
                        .replace("model: b,", "model: nowhere/b/c,")
                        .replace("density: 0.6", "density: many");

        for (String[] more : new String[][] {{}, {"-I", "stages"}}) {
            List<String> args = new ArrayList<>(List.of("--out-path", "out"));
            args.addAll(List.of(more));
            Cli.Result result = multi(recipes, args.toArray(String[]::new));

            assertThat(result.code()).isIn(2, 3);
            assertThat(result.err()).contains("density");
            assertThat(folder.resolve("stages")).doesNotExist();
            assertThat(folder.resolve("out")).doesNotExist();
        }
    }

    @Test
    void aMissingModelOfOneStageIsSaidWithThatOfAnother() {
        String recipes =
                FIRST.formatted("float32").replace("model: b,", "model: ./nowhere,")
                        + "---\nname: other\nmerge_method: passthrough\nmodels: [{model: ./neither}]\n";

        Cli.Result result = multi(recipes, "-I", "stages");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains("./nowhere", "./neither");
        assertThat(folder.resolve("stages")).doesNotExist();
    }

    @Test
    void dryRunWritesNothingAndListsEachOutput() throws IOException {
        List<String> before = names(".");

        Cli.Result result =
                multi(
                        stages("float32", "float32"),
                        "--out-path",
                        "out",
                        "-I",
                        "stages",
                        "--dry-run");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out())
                .containsSubsequence(
                        "'first' into stages/first", "'second' into stages/second", "into out");
        assertThat(names(".")).hasSize(before.size() + 1).contains("all.yml");
    }

    @Test
    void aDryRunPrintsOnePlanAsJson() {
        Cli.Result one =
                multi(
                        stages("float32", "float32"),
                        "--out-path",
                        "out",
                        "--dry-run",
                        "--format",
                        "json");
        assertThat(one.out()).startsWith("{");

        Cli.Result several =
                multi(
                        stages("float32", "float32"),
                        "--out-path",
                        "out",
                        "-I",
                        "s",
                        "--dry-run",
                        "--format",
                        "json");
        assertThat(several.code()).isEqualTo(2);
        assertThat(several.err()).contains("--format json", "3 outputs");
    }

    @Test
    void anOutputThatHasNoPlaceIsSaidBeforeTheFirstStageIsMade() throws IOException {
        Files.createDirectories(folder.resolve("out"));
        write("out/notes.txt", "mine");

        Cli.Result result =
                multi(stages("float32", "float32"), "--out-path", "out", "-I", "stages");

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err()).contains("out: the output folder is not empty");
        assertThat(folder.resolve("stages")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"b", "c"})
    void aNameThatCouldMeanAFolderIsRefused(String name) {
        Cli.Result result =
                multi(FIRST.formatted("float32").replace("first", name), "-I", "stages");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("all.yml:1:1", "'" + name + "' could mean");
    }

    @Test
    void circlesAreRefusedWithTheWayAround() {
        String recipes =
                FIRST.formatted("float32").replace("model: a", "model: second")
                        + "---\n"
                        + SECOND.formatted("float32");

        Cli.Result result = multi(recipes, "--out-path", "out");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("'first' needs 'second' needs 'first'");
    }

    @Test
    void aRecipeThatNeedsItselfIsACircle() {
        Cli.Result result =
                multi(FIRST.formatted("float32").replace("model: a", "model: first"), "-I", "s");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("'first' needs 'first'");
    }

    @Test
    void aMisspeltNameIsRecognised() {
        Cli.Result result =
                multi(
                        stages("float32", "float32").replace("model: first}]", "model: frist}]"),
                        "--out-path",
                        "out");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("no recipe has the name 'frist'", "did you mean 'first'?");
    }

    @Test
    void aNameHasNoRevision() {
        Cli.Result result =
                multi(
                        stages("float32", "float32")
                                .replace("model: first}]", "model: first@main}]"),
                        "--out-path",
                        "out");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("'first' is a recipe of this file", "@main");
    }

    @Test
    void placesThatAreMissingOrInEachOthersWayAreRefused() {
        String recipes = stages("float32", "float32");
        assertThat(multi(recipes, "-I", "s").err()).contains("--out-path: is missing");
        assertThat(multi(FIRST.formatted("float32")).err())
                .contains("--intermediate-dir: is missing");
        assertThat(multi(recipes, "--out-path", "s/first", "-I", "s").err())
                .contains("also the folder of a named recipe");
        assertThat(multi(recipes, "--out-path", "s", "-I", "s").err()).contains("would be inside");
        assertThat(multi(recipes, "--out-path", "s", "-I", "s").code()).isEqualTo(2);
        String idle = recipes + "---\n" + FIRST.replace("first", "idle").formatted("float32");
        assertThat(multi(idle, "--out-path", "out").err())
                .contains("no other recipe uses 'idle', and its output has no folder");
    }

    @Test
    void severalRecipesGivenToTheCommandForOneAreSentHere() {
        write("all.yml", stages("float32", "float32"));

        Cli.Result result = Cli.run(folder, "yaml", "all.yml", "out");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("run mergekit-multi with it");
    }

    private List<String> names(String path) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(path))) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }
}
