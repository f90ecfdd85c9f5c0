package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyAdapter;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Merges of adapters with each other, end to end. What comes out must change a model as the merge of
/// the changed models does.
final class AdaptersOnlyTest {
    private static final String Q = "model.layers.1.self_attn.q_proj";
    private static final String DOWN = "model.layers.0.mlp.down_proj";
    private static final String UP = "model.layers.3.mlp.up_proj";
    private static final String HEAD = "lm_head.weight";
    private static final String EMBEDDINGS = "model.embed_tokens";

    @TempDir private Path folder;

    @BeforeEach
    void writeModel() {
        TinyModel.llama(4, 96, false, 0).write(folder.resolve("base"), "F32");
    }

    @ParameterizedTest
    @CsvSource({
        "linear, 1, 3, 'parameters: {normalize: true}'",
        "linear, 0.25, 0.75, 'parameters: {normalize: false}'",
        "linear, '[0.5, 1]', 1, ''",
        "linear, '[{filter: mlp, value: 2}, {value: 1}]', 1, ''",
        "task_arithmetic, 0.5, -0.25, 'parameters: {lambda: 2}'",
        "task_arithmetic, 2, 6, 'parameters: {normalize: true}'",
    })
    void theMergedAdapterChangesAModelAsTheMergeOfTheChangedModels(
            String method, String first, String second, String parameters) {
        first().write(folder.resolve("a"), "F32");
        second().write(folder.resolve("b"), "F32");

        Map<String, Values> merged = merge(recipe(method, first, second, parameters));
        Map<String, Values> applied = applied();
        Map<String, Values> expected = mergedModels(method, first, second, parameters);

        assertThat(merged).hasSize(6);
        assertThat(run().config("adapter_config.json").path("r").intValue()).isEqualTo(6);
        expected.forEach((name, values) -> assertClose(applied.get(name), values));
    }

    @Test
    void modulesOfOtherRanksAreInThePatterns() {
        first().write(folder.resolve("a"), "F32");
        second().write(folder.resolve("b"), "F32");

        Map<String, Values> merged = merge(recipe("linear", "1", "1", ""));
        JsonNode settings = run().config("adapter_config.json");

        assertThat(merged.get("base_model.model." + Q + ".lora_A.weight").shape())
                .containsExactly(6, 32);
        assertThat(settings.path("lora_alpha").intValue()).isEqualTo(6);
        assertThat(settings.path("rank_pattern").toString())
                .isEqualTo("{\"%s\":4,\"%s\":2}".formatted(DOWN, UP));
        assertThat(settings.path("alpha_pattern")).isEqualTo(settings.path("rank_pattern"));
        assertThat(settings.path("target_modules").toString())
                .isEqualTo("[\"%s\",\"%s\",\"%s\"]".formatted(Q, DOWN, UP));
        assertThat(run().out()).isDirectoryNotContaining("glob:**/config.json");
        assertThat(run().out().resolve("README.md"))
                .content()
                .contains("a LoRA adapter of rank 6", "* ./a\n* ./b", "library_name: peft");
        assertThat(run().run(recipe("linear", "1", "1", ""), "--overwrite").code()).isZero();
    }

    @Test
    void namesOfTheTargetsAreKeptWhereTheyAreEnough() {
        first().config("target_modules", List.of("q_proj", "down_proj"))
                .write(folder.resolve("a"), "F32");
        second().config("target_modules", List.of("up_proj", "q_proj"))
                .write(folder.resolve("b"), "F32");

        merge(recipe("linear", "1", "1", ""));

        assertThat(run().config("adapter_config.json").path("target_modules").toString())
                .isEqualTo("[\"q_proj\",\"down_proj\",\"up_proj\"]");
    }

    @Test
    void embeddingsBiasesAndSavedModulesAreMergedToo() {
        TinyModel base = TinyModel.llama(4, 96, false, 0);
        for (int i = 0; i < 4; i++) {
            base.with(
                    "model.layers.%d.self_attn.q_proj.bias".formatted(i),
                    List.of(32),
                    TinyAdapter.values(32, i));
        }
        base.write(folder.resolve("base"), "F32");
        for (String name : List.of("a", "b")) {
            int seed = name.charAt(0);
            first().config("lora_bias", true)
                    .config("modules_to_save", List.of("lm_head"))
                    .tensor(Q + ".lora_B.bias", List.of(32), TinyAdapter.values(32, seed))
                    .tensor(HEAD, List.of(96, 32), TinyAdapter.values(96 * 32, seed))
                    .tensor(
                            EMBEDDINGS + ".lora_embedding_A",
                            List.of(4, 96),
                            TinyAdapter.values(4 * 96, seed))
                    .tensor(
                            EMBEDDINGS + ".lora_embedding_B",
                            List.of(32, 4),
                            TinyAdapter.values(32 * 4, seed))
                    .without(DOWN)
                    .write(folder.resolve(name), "F32");
        }

        Map<String, Values> merged = merge(recipe("linear", "1", "3", ""));
        Map<String, Values> applied = applied();
        Map<String, Values> expected = mergedModels("linear", "1", "3", "");
        JsonNode settings = run().config("adapter_config.json");

        assertThat(merged).containsKey("base_model.model." + EMBEDDINGS + ".lora_embedding_B");
        assertThat(settings.path("modules_to_save").toString()).isEqualTo("[\"lm_head\"]");
        assertThat(settings.path("lora_bias").booleanValue()).isTrue();
        expected.forEach((name, values) -> assertClose(applied.get(name), values));
    }

    @ParameterizedTest
    @CsvSource({
        "model_stock, 'merge method ''model_stock'''",
        "slerp, 'needs parameter ''t'''",
        "passthrough, 'merge method ''passthrough'''",
        "lineare, 'did you mean ''linear'''",
    })
    void methodsThatNeedTheModelAreRefusedByName(String method, String message) {
        first().write(folder.resolve("a"), "F32");
        second().write(folder.resolve("b"), "F32");

        assertRefused(recipe(method, "1", "1", ""), 2, message);
    }

    @ParameterizedTest
    @CsvSource({
        "'tokenizer: {source: union}', '''tokenizer'''",
        "'chat_template: chatml', '''chat_template'''",
        "'dtype: int4', 'unknown dtype'",
        "'parameters: {normalize: false}', 'does not give a sum of the adapters'' changes'",
        "'parameters: {densty: 1}', '''densty'''",
    })
    void whatNeedsAModelIsRefused(String line, String message) {
        first().write(folder.resolve("a"), "F32");
        second().write(folder.resolve("b"), "F32");

        Cli.Result result = run().run(recipe("linear", "1", "1", line));

        assertThat(result.err()).contains(message);
        if (!line.contains("densty")) {
            assertRefused(recipe("linear", "1", "1", line), 2, message);
        }
    }

    @Test
    void adaptersBesideModelsAreRefused() {
        first().write(folder.resolve("a"), "F32");
        second().write(folder.resolve("b"), "F32");

        assertRefused(
                recipe("task_arithmetic", "1", "1", "base_model: ./base"),
                3,
                "./a: an adapter without the model that it changes");
    }

    @Test
    void aModuleThatIsWholeInOneAdapterOnlyIsRefused() {
        first().tensor(HEAD, List.of(96, 32), new float[96 * 32]).write(folder.resolve("a"), "F32");
        second().write(folder.resolve("b"), "F32");

        assertRefused(
                recipe("linear", "1", "1", ""),
                3,
                "./a: tensor 'lm_head.weight' is stored in full here; all adapters must store it in full");
    }

    @Test
    void savedModulesCanOnlyBeAveraged() {
        for (String name : List.of("a", "b")) {
            first().tensor(HEAD, List.of(96, 32), new float[96 * 32])
                    .write(folder.resolve(name), "F32");
        }

        assertRefused(
                recipe("task_arithmetic", "1", "1", ""),
                3,
                "tensor 'lm_head.weight' is stored in full: without the model it can only be averaged");
    }

    @Test
    void factorsOfOtherShapesAreRefusedWithBoth() {
        first().write(folder.resolve("a"), "F32");
        new TinyAdapter(2, 4).factors(Q, 2, 48, 32).write(folder.resolve("b"), "F32");

        assertRefused(
                recipe("linear", "1", "1", ""),
                3,
                "'%s' has factors A [4, 32] and B [32, 4], those of './b' are [2, 32] and [48, 2]"
                        .formatted(Q));
    }

    @Test
    void aDtypeIsThatOfTheFactors() {
        first().write(folder.resolve("a"), "F32");
        second().write(folder.resolve("b"), "F32");

        merge(recipe("linear", "1", "1", "dtype: bfloat16"));

        assertThat(run().dtypes("adapter_model.safetensors").values()).containsOnly("BF16");
    }

    private static TinyAdapter first() {
        return new TinyAdapter(4, 8)
                .config("base_model_name_or_path", "base")
                .factors(Q, 4, 32, 32)
                .factors(DOWN, 4, 32, 64);
    }

    private static TinyAdapter second() {
        return new TinyAdapter(2, 3)
                .config("base_model_name_or_path", "base")
                .config("use_rslora", true)
                .factors(Q, 2, 32, 32)
                .factors(UP, 2, 64, 32);
    }

    private static String recipe(String method, String first, String second, String more) {
        return """
        merge_method: %s
        models:
          - {model: ./a, parameters: {weight: %s}}
          - {model: ./b, parameters: {weight: %s}}
        %s
        """
                .formatted(method, first, second, more);
    }

    private RecipeRun run() {
        return new RecipeRun(folder);
    }

    private Map<String, Values> merge(String recipe) {
        return run().merge(recipe);
    }

    /// The model with the adapter in `out`.
    private Map<String, Values> applied() {
        return run().into("applied")
                .merge("merge_method: passthrough\nmodels: [{model: ./base+./out}]\n");
    }

    private Map<String, Values> mergedModels(
            String method, String first, String second, String more) {
        String base = method.equals("linear") ? "" : "base_model: ./base\n";
        return run().into("models")
                .merge(
                        base
                                + recipe(method, first, second, more)
                                        .replace("./a", "./base+./a")
                                        .replace("./b,", "./base+./b,"));
    }

    private static void assertClose(Values actual, Values expected) {
        for (int i = 0; i < expected.data().length; i++) {
            assertThat(actual.data()[i]).isCloseTo(expected.data()[i], within(1e-4f));
        }
    }

    private void assertRefused(String recipe, int code, String message) {
        Cli.Result result = run().run(recipe);

        assertThat(result.err()).contains(message).doesNotContain("\tat ");
        assertThat(result.code()).isEqualTo(code);
        assertThat(run().out()).doesNotExist();
    }
}
