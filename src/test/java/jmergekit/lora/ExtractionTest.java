package jmergekit.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole extractions from small models.
class ExtractionTest {
    private static final String Q = "model.layers.0.self_attn.q_proj";
    private static final String DOWN = "model.layers.1.mlp.down_proj";
    private static final int VOCABULARY = 40;

    @TempDir private Path folder;

    private TinyModel base;
    private TinyModel tuned;

    @BeforeEach
    void makeModels() {
        base = TinyModel.llama(2, VOCABULARY, false, 0);
        tuned = TinyModel.llama(2, VOCABULARY, false, 0);
    }

    /// Adds a matrix of a rank whose values are exact in float32.
    private void change(String module, int rows, int columns, int rank) {
        float[] data = tuned.data(module + ".weight");
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                for (int k = 0; k < rank; k++) {
                    int u = (i * (k + 3) + 5 * k) % 7 - 3;
                    int v = (j * (k + 2) + 3 * k) % 5 - 2;
                    data[i * columns + j] += u * v / 64f;
                }
            }
        }
    }

    private Cli.Result run(String... options) {
        base.write(folder.resolve("base"), "F32");
        tuned.write(folder.resolve("tuned"), "F32");
        return rerun(options);
    }

    private Cli.Result rerun(String... options) {
        List<String> line = new ArrayList<>(List.of("extract-lora", "tuned", "base", "out"));
        Collections.addAll(line, options);
        return Cli.run(folder, line.toArray(new String[0]));
    }

    private ExtractedAdapter extract(String... options) {
        Cli.Result result = run(options);
        assertThat(result.code()).as(result.err()).isZero();
        return ExtractedAdapter.read(folder.resolve("out"));
    }

    /// The largest distance of `product` from what the fine-tune changed.
    private double distance(double[] product, String module) {
        float[] to = tuned.data(module + ".weight");
        float[] from = base.data(module + ".weight");
        return IntStream.range(0, to.length)
                .mapToDouble(i -> Math.abs(product[i] - (to[i] - (double) from[i])))
                .max()
                .orElseThrow();
    }

    @Test
    void updateOfAnExactRankGetsThatRank() {
        change(Q, 32, 32, 2);
        change(DOWN, 32, 64, 3);

        ExtractedAdapter adapter = extract("--rank", "16");

        assertThat(adapter.shape(Q + ".lora_A.weight")).containsExactly(2, 32);
        assertThat(adapter.shape(Q + ".lora_B.weight")).containsExactly(32, 2);
        assertThat(adapter.shape(DOWN + ".lora_A.weight")).containsExactly(3, 64);
        assertThat(adapter.config().path("r").intValue()).isEqualTo(3);
        assertThat(adapter.config().path("lora_alpha").intValue()).isEqualTo(3);
        assertThat(adapter.config().path("rank_pattern").toString())
                .isEqualTo("{\"%s\":2}".formatted(Q));
        assertThat(adapter.config().path("alpha_pattern"))
                .isEqualTo(adapter.config().path("rank_pattern"));
        assertThat(distance(adapter.product(Q), Q)).isLessThan(1e-5);
        assertThat(distance(adapter.product(DOWN), DOWN)).isLessThan(1e-5);
    }

    @Test
    void untouchedModulesAreLeftOut() {
        change(Q, 32, 32, 1);

        ExtractedAdapter adapter = extract("--skip-unchanged");

        assertThat(adapter.names()).containsExactly(Q + ".lora_A.weight", Q + ".lora_B.weight");
        assertThat(adapter.list("target_modules")).containsExactly("q_proj");
        assertThat(adapter.list("modules_to_save")).isEmpty();
    }

    @Test
    void embeddingsAndNormsAreKeptWholeEvenIfUntouched() {
        change(Q, 32, 32, 1);

        ExtractedAdapter adapter = extract();

        assertThat(adapter.list("modules_to_save"))
                .containsExactly(
                        "embed_tokens",
                        "input_layernorm",
                        "lm_head",
                        "norm",
                        "post_attention_layernorm");
        assertThat(adapter.tensor("lm_head.weight").data()).isEqualTo(tuned.data("lm_head.weight"));
    }

    @Test
    void equalModelsAreRefused() {
        Cli.Result result = run("--skip-unchanged");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err())
                .contains("tuned: does not differ from its base in any of the modules compared");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void moduleOfWhichOnlyTheBiasChangedGetsFactorsOfZeros() {
        float[] bias = new float[32];
        bias[3] = 0.5f;
        base.with(Q + ".bias", List.of(32), new float[32]);
        tuned.with(Q + ".bias", List.of(32), bias);
        change(DOWN, 32, 64, 3);

        ExtractedAdapter adapter = extract("--skip-unchanged");

        assertThat(adapter.tensor(Q + ".lora_B.bias").data()).isEqualTo(bias);
        assertThat(adapter.tensor(Q + ".lora_A.weight").data()).containsOnly(0).hasSize(32);
        assertThat(adapter.config().path("rank_pattern").path(Q).intValue()).isOne();
        assertThat(adapter.config().path("lora_bias").booleanValue()).isTrue();
    }

    @Test
    void biasThatIsEqualIsNotStored() {
        base.with(Q + ".bias", List.of(32), new float[32]);
        tuned.with(Q + ".bias", List.of(32), new float[32]);
        change(Q, 32, 32, 1);

        ExtractedAdapter adapter = extract();

        assertThat(adapter.names()).doesNotContain(Q + ".lora_B.bias");
        assertThat(adapter.config().has("lora_bias")).isFalse();
    }

    @Test
    void tiedEmbeddingsAreStoredForTheHeadToo() {
        base = TinyModel.llama(2, VOCABULARY, true, 0);
        tuned = TinyModel.llama(2, VOCABULARY, true, 0);
        change("model.embed_tokens", VOCABULARY, 32, 2);

        ExtractedAdapter whole = extract("--skip-unchanged");
        assertThat(whole.names()).containsExactly("lm_head.weight", "model.embed_tokens.weight");
        assertThat(whole.list("modules_to_save")).containsExactly("embed_tokens", "lm_head");
        assertThat(whole.config().path("ensure_weight_tying").booleanValue()).isTrue();

        ExtractedAdapter factors = extract("--skip-unchanged", "--embed-lora", "--overwrite");
        assertThat(factors.names())
                .containsExactly(
                        "lm_head.lora_A.weight",
                        "lm_head.lora_B.weight",
                        "model.embed_tokens.lora_embedding_A",
                        "model.embed_tokens.lora_embedding_B");
        assertThat(factors.shape("model.embed_tokens.lora_embedding_A"))
                .containsExactly(2, VOCABULARY);
        double[] transposed = transposed(factors.embeddingProduct("model.embed_tokens"), 32);
        assertThat(distance(transposed, "model.embed_tokens")).isLessThan(1e-5);
        assertThat(distance(factors.product("lm_head"), "model.embed_tokens")).isLessThan(1e-5);
    }

    private static double[] transposed(double[] matrix, int rows) {
        int columns = matrix.length / rows;
        double[] transposed = new double[matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            transposed[i % columns * rows + i / columns] = matrix[i];
        }
        return transposed;
    }

    @Test
    void headThatTheFineTuneUntiedIsKept() {
        base = TinyModel.llama(2, VOCABULARY, true, 0);
        change("lm_head", VOCABULARY, 32, 1);

        ExtractedAdapter adapter = extract("--skip-unchanged");

        assertThat(adapter.list("modules_to_save")).contains("lm_head");
        assertThat(adapter.config().has("ensure_weight_tying")).isFalse();
    }

    @Test
    void embeddingsWithAddedRowsAreSavedInFull() {
        TinyModel longer = TinyModel.llama(2, VOCABULARY + 4, false, 0);
        for (String name : List.of("model.embed_tokens.weight", "lm_head.weight")) {
            tuned.with(name, List.of(VOCABULARY + 4, 32), longer.data(name));
        }
        change(Q, 32, 32, 1);

        ExtractedAdapter adapter = extract("--embed-lora", "--skip-undecomposable");

        assertThat(adapter.shape("model.embed_tokens.weight")).containsExactly(44, 32);
        assertThat(adapter.shape("lm_head.weight")).containsExactly(44, 32);
        assertThat(adapter.list("modules_to_save")).containsExactly("embed_tokens", "lm_head");
    }

    @Test
    void convolutionsKeepTheirKernelsInA() {
        float[] data = new float[16 * 8 * 3];
        base.with("model.audio.conv1.weight", List.of(16, 8, 3), data.clone());
        tuned.with("model.audio.conv1.weight", List.of(16, 8, 3), data);
        base.with("model.audio.depthwise.weight", List.of(16, 1, 3), new float[48]);
        tuned.with("model.audio.depthwise.weight", List.of(16, 1, 3), new float[48]);
        tuned.data("model.audio.depthwise.weight")[0] = 1;
        change("model.audio.conv1", 16, 24, 2);

        ExtractedAdapter adapter = extract("--skip-unchanged");

        assertThat(adapter.shape("model.audio.conv1.lora_A.weight")).containsExactly(2, 8, 3);
        assertThat(adapter.shape("model.audio.conv1.lora_B.weight")).containsExactly(16, 2, 1);
        assertThat(distance(adapter.product("model.audio.conv1"), "model.audio.conv1"))
                .isLessThan(1e-5);
        assertThat(adapter.list("modules_to_save")).containsExactly("depthwise");
    }

    @Test
    void weightsOfGptTwoAreTheOtherWayRound() {
        String module = "transformer.h.0.attn.c_attn";
        base.config("model_type", "gpt2")
                .with(module + ".weight", List.of(32, 96), new float[3072]);
        tuned.config("model_type", "gpt2")
                .with(module + ".weight", List.of(32, 96), new float[3072]);
        change(module, 32, 96, 2);

        ExtractedAdapter adapter = extract("--no-distribute-scale");

        assertThat(adapter.shape(module + ".lora_A.weight")).containsExactly(2, 32);
        assertThat(adapter.shape(module + ".lora_B.weight")).containsExactly(96, 2);
        assertThat(distance(transposed(adapter.product(module), 96), module)).isLessThan(1e-5);
        assertThat(adapter.config().path("fan_in_fan_out").booleanValue()).isTrue();
        double[] lengths = new double[2];
        float[] b = adapter.tensor(module + ".lora_B.weight").data();
        for (int i = 0; i < b.length; i++) {
            lengths[i % 2] += b[i] * b[i];
        }
        assertThat(lengths).containsExactly(new double[] {1, 1}, within(1e-3));
    }

    @Test
    void unlistedArchitectureIsExtractedFromNamesAndShapes() {
        String module = "model.layers.0.linear_attn.in_proj_qkvz";
        base.config("architectures", List.of("NeverSeenForCausalLM"))
                .with(module + ".weight", List.of(48, 32), new float[48 * 32])
                .with("model.layers.0.linear_attn.A_log", List.of(4), new float[4]);
        tuned.config("architectures", List.of("NeverSeenForCausalLM"))
                .with(module + ".weight", List.of(48, 32), new float[48 * 32])
                .with("model.layers.0.linear_attn.A_log", List.of(4), new float[] {0, 1, 0, 0});
        change(module, 48, 32, 2);

        ExtractedAdapter adapter = extract();

        assertThat(adapter.shape(module + ".lora_A.weight")).containsExactly(2, 32);
        assertThat(adapter.names()).doesNotContain("model.layers.0.linear_attn.A_log");

        ExtractedAdapter kept = extract("--save-module", "linear_attn", "--overwrite");

        assertThat(kept.tensor("model.layers.0.linear_attn.A_log").data())
                .containsExactly(0, 1, 0, 0);
        assertThat(kept.names()).contains(module + ".weight");
        assertThat(kept.list("modules_to_save")).contains("linear_attn");
    }

    @Test
    void differenceOfHalfPrecisionModelsIsTakenInFloat32() throws IOException {
        change(Q, 32, 32, 2);
        base.write(folder.resolve("base"), "F32");
        tuned.write(folder.resolve("tuned"), "F16");

        assertThat(rerun("--skip-unchanged").code()).isZero();

        // In float16 1/3 + 2^-10 less 1/3 loses digits; in float32 the difference is exact.
        ExtractedAdapter adapter = ExtractedAdapter.read(folder.resolve("out"));
        assertThat(distance(adapter.product(Q), Q)).isLessThan(2e-3);
        assertThat(
                        Files.readString(
                                folder.resolve("out/adapter_model.safetensors"),
                                StandardCharsets.ISO_8859_1))
                .contains("\"dtype\":\"F16\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "3"})
    void outputDoesNotDependOnTheNumberOfThreads(String threads) throws IOException {
        tuned = base.tuned(1);
        run("-j", "2");
        byte[] two = Files.readAllBytes(folder.resolve("out/adapter_model.safetensors"));

        rerun("-j", threads, "--overwrite");

        assertThat(Files.readAllBytes(folder.resolve("out/adapter_model.safetensors")))
                .isEqualTo(two);
    }

    @Test
    void energyReplacesAFixedRank() {
        change(Q, 32, 32, 4);
        tuned.data(DOWN + ".weight")[0] += 1;

        ExtractedAdapter some = extract("--energy", "0.6", "--skip-unchanged");
        int rank = some.shape(Q + ".lora_A.weight").getFirst();
        ExtractedAdapter all = extract("--energy", "1", "--skip-unchanged", "--overwrite");

        assertThat(rank).isBetween(1, 3);
        assertThat(some.shape(DOWN + ".lora_A.weight")).containsExactly(1, 64);
        assertThat(all.shape(Q + ".lora_A.weight").getFirst()).isEqualTo(4);
    }

    @Test
    void moduleThatIsWholeInOneLayerOnlyIsNamedWithItsLayer() {
        change(Q, 32, 32, 1);
        change("model.layers.1.self_attn.q_proj", 32, 32, 1);

        ExtractedAdapter adapter =
                extract("--save-module", "layers.1.self_attn.q_proj", "--skip-unchanged");

        assertThat(adapter.list("target_modules")).containsExactly("layers.0.self_attn.q_proj");
        assertThat(adapter.list("modules_to_save")).containsExactly("layers.1.self_attn.q_proj");
    }

    @Test
    void cardListsTheErrorOfEachModuleWorstFirst() throws IOException {
        change(Q, 32, 32, 4);
        change(DOWN, 32, 64, 1);

        extract("--rank", "1", "--skip-unchanged");

        String card = Files.readString(folder.resolve("out/README.md"));
        assertThat(card).contains("mergekit-extract-lora tuned base out --rank 1 --skip-unchanged");
        assertThat(card.indexOf("| " + Q)).isPositive().isLessThan(card.indexOf("| " + DOWN));
        assertThat(card).containsPattern("q_proj \\| 1 \\| [1-9]\\d\\.\\d\\d % \\|");
    }

    @Test
    void dryRunPrintsWhatBecomesOfEachModuleAndWritesNothing() {
        Cli.Result result = run("--dry-run", "--rank", "8", "-e", "mlp");

        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains("8 as factors, 7 whole, 6 left out")
                .contains(Q + " [32, 32]: rank at most 8, F32")
                .contains("model.norm: whole, 128 B")
                .contains(DOWN + ": left out");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void outputHoldsTheAdapterAndNothingElse() throws IOException {
        change(Q, 32, 32, 1);

        extract();

        try (var files = Files.list(folder.resolve("out"))) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "README.md",
                            "adapter_config.json",
                            "adapter_model.safetensors",
                            ".jmergekit-files.json");
        }
        try (var files = Files.list(folder)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder("base", "out", "tuned");
        }
    }

    @Test
    void factorTooLargeForItsDtypeIsToldAndNoInputIsBlamed() {
        // The singular value, 32 times 60000, is more than float16 holds.
        Arrays.fill(base.data(Q + ".weight"), -30000);
        Arrays.fill(tuned.data(Q + ".weight"), 30000);
        base.write(folder.resolve("base"), "F16");
        tuned.write(folder.resolve("tuned"), "F16");

        Cli.Result result = rerun("--no-distribute-scale");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err())
                .contains(Q + ".lora_A.weight' (32 of 32 values; of its inputs none)")
                .doesNotContain("holds NaN or infinity");
    }

    @Test
    void tokenizerOfTheFineTuneIsCopied() throws IOException {
        change(Q, 32, 32, 1);
        base.write(folder.resolve("base"), "F32");
        tuned.write(folder.resolve("tuned"), "F32");
        Files.writeString(folder.resolve("tuned/tokenizer.json"), "{}");
        Files.writeString(folder.resolve("tuned/generation_config.json"), "{}");

        rerun();
        assertThat(folder.resolve("out/tokenizer.json")).exists();
        assertThat(folder.resolve("out/generation_config.json")).doesNotExist();

        rerun("--overwrite", "--no-copy-tokenizer");
        assertThat(folder.resolve("out/tokenizer.json")).doesNotExist();
    }
}
