package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyTokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What recipes give that use what others make.
class MultiCommandTest extends MultiRuns {
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

    // There are more ways through it than could be gone in any time.
    @Test
    @Timeout(60)
    void aLadderOfRecipesIsGoneThroughOnce() {
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
    void filesOfATokenizerThatAreNoTextAreCopiedFromTheirModel() throws IOException {
        byte[] bytes = {0, (byte) 0xff, (byte) 0xfe, 10};
        Files.write(folder.resolve("a/tokenizer.model"), bytes);
        String recipes =
                """
                name: inner
                merge_method: passthrough
                models: [{model: a}]
                chat_template: chatml
                ---
                name: middle
                merge_method: passthrough
                models: [{model: inner}]
                chat_template: alpaca
                ---
                merge_method: passthrough
                models: [{model: middle}]
                chat_template: llama3
                """;

        Cli.Result result = multi(recipes, "--out-path", "out");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(folder.resolve("out/tokenizer.model")).hasBinaryContent(bytes);
        assertThat(folder.resolve("out/tokenizer.json"))
                .hasSameTextualContentAs(folder.resolve("a/tokenizer.json"));
        assertThat(folder.resolve("out/tokenizer_config.json")).content().contains("<|eot_id|>");
    }

    @Test
    void aDryRunNamesTheRecipesInside() {
        Cli.Result result = multi(stages("float32", "float32"), "--out-path", "out", "--dry-run");

        assertThat(result.out())
                .containsSubsequence(
                        "made      first, by linear of a, b",
                        "made      second, by ties of a, first, c");
    }
}
