package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyAdapter;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import jmergekit.fixture.TorchFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Merges of models with adapters, end to end.
final class AdapterMergeTest {
    private static final String Q = "model.layers.1.self_attn.q_proj";
    private static final String DOWN = "model.layers.0.mlp.down_proj";
    private static final String EMBEDDINGS = "model.embed_tokens";
    private static final String HEAD = "lm_head";

    @TempDir private Path folder;

    @Test
    void aPathWithAPlusWinsAndTheAdapterNeedsNoCache() throws IOException {
        TinyModel base = untied().write(folder.resolve("base+v2"), "F32");
        TinyAdapter adapter =
                adapter()
                        .config("modules_to_save", List.of(HEAD))
                        .tensor(HEAD + ".weight", List.of(96, 32), TinyAdapter.values(96 * 32, 1))
                        .write(folder.resolve("ad"), "F32");
        String recipe =
                """
                merge_method: linear
                models:
                  - {model: "./base+v2", parameters: {weight: 1}}
                  - {model: "./base+v2+./ad", parameters: {weight: 1}}
                dtype: bfloat16
                """;

        Map<String, Values> out = merge(recipe);

        // (W + W + 8/4 B A) / 2, rounded once.
        for (String module : List.of(Q, DOWN)) {
            float[] w = base.data(module + ".weight");
            double[] product = adapter.product(module);
            float[] merged = out.get(module + ".weight").data();
            for (int i = 0; i < w.length; i++) {
                assertThat(merged[i]).isEqualTo(bf16(w[i] + product[i]));
            }
        }
        float[] head = base.data(HEAD + ".weight");
        float[] saved = adapter.data(HEAD + ".weight");
        assertThat(out.get(HEAD + ".weight").data()[5]).isEqualTo(bf16((head[5] + saved[5]) / 2));
        String untouched = "model.layers.3.mlp.up_proj.weight";
        assertThat(out.get(untouched).data()).isEqualTo(base.data(untouched));
        assertThat(out).hasSize(39);
    }

    @Test
    void anAdapterInPyTorchFormatGivesTheSame() throws IOException {
        untied().write(folder.resolve("base"), "F32");
        adapter().write(folder.resolve("ad"), "F32");
        Path safe = folder.resolve("ad/adapter_model.safetensors");
        Map<String, Values> expected = merge(passthrough("{model: ./base, lora: ./ad}"));

        new TorchFile(TinyModel.readFile(safe), false)
                .writeZip(folder.resolve("ad/adapter_model.bin"));
        Files.delete(safe);

        assertThat(run(passthrough("{model: ./base, lora: ./ad}"), "--overwrite").code()).isZero();
        Map<String, Values> merged = TinyModel.read(folder.resolve("out"));
        expected.forEach(
                (name, values) -> assertThat(merged.get(name).data()).isEqualTo(values.data()));
    }

    @ParameterizedTest
    @CsvSource({
        "use_rslora, true, 4",
        "lora_alpha, 2, 0.5",
        "alpha_pattern, {\"q_proj\": 16}, 4",
        "rank_pattern, {\"q_proj\": 4}, 2",
    })
    void theScaleFollowsTheAdaptersSettings(String key, String value, double scale)
            throws IOException {
        TinyModel base = untied().write(folder.resolve("base"), "F32");
        TinyAdapter adapter =
                adapter()
                        .config(
                                key,
                                tools.jackson.databind.json.JsonMapper.shared().readTree(value))
                        .write(folder.resolve("ad"), "F32");

        float[] merged =
                merge(passthrough("{model: ./base, lora: ./ad}")).get(Q + ".weight").data();

        float[] w = base.data(Q + ".weight");
        double[] product = adapter.product(Q);
        for (int i = 0; i < w.length; i++) {
            assertThat((double) merged[i]).isEqualTo(w[i] + scale * product[i]);
        }
    }

    @Test
    void withoutADtypeTheModelsOwnIsKept() throws IOException {
        untied().write(folder.resolve("base"), "BF16");
        adapter()
                .tensor(HEAD + ".weight", List.of(96, 32), TinyAdapter.values(96 * 32, 1))
                .write(folder.resolve("ad"), "F32");

        merge(passthrough("./base+./ad"));
        Cli.Result plan = run(passthrough("./base+./ad"), "--dry-run");

        assertThat(new RecipeRun(folder).config().path("torch_dtype").stringValue())
                .isEqualTo("bfloat16");
        assertThat(plan.out())
                .contains(Q + ".weight BF16 + 2 * product of rank 4")
                .contains(HEAD + ".weight BF16 [96, 32]")
                .contains("lm_head.weight F32 of the adapter");
    }

    @Test
    void weightsStoredTheOtherWayRoundGetTheTransposedProduct() throws IOException {
        String module = "h.0.mlp.c_fc";
        float[] w = TinyAdapter.values(32 * 64, 7);
        untied().with(module + ".weight", List.of(32, 64), w).write(folder.resolve("base"), "F32");
        TinyAdapter adapter =
                new TinyAdapter(2, 2)
                        .config("fan_in_fan_out", true)
                        .factors(module, 2, 64, 32)
                        .write(folder.resolve("ad"), "F32");

        float[] merged = merge(passthrough("./base+./ad")).get(module + ".weight").data();

        double[] product = adapter.product(module);
        for (int i = 0; i < 32; i++) {
            for (int j = 0; j < 64; j++) {
                assertThat((double) merged[i * 64 + j])
                        .isEqualTo(w[i * 64 + j] + product[j * 32 + i]);
            }
        }
    }

    @Test
    void biasesOfTheFactorsAreScaledAndAdded() throws IOException {
        TinyModel base = untied();
        for (int i = 0; i < 4; i++) {
            base.with(
                    "model.layers.%d.self_attn.q_proj.bias".formatted(i),
                    List.of(32),
                    TinyAdapter.values(32, i));
        }
        base.write(folder.resolve("base"), "F32");
        float[] bias = TinyAdapter.values(32, 9);
        adapter()
                .config("lora_bias", true)
                .tensor(Q + ".lora_B.bias", List.of(32), bias)
                .write(folder.resolve("ad"), "F32");

        float[] merged = merge(passthrough("./base+./ad")).get(Q + ".bias").data();

        for (int i = 0; i < 32; i++) {
            assertThat(merged[i]).isEqualTo(base.data(Q + ".bias")[i] + 2 * bias[i]);
        }
    }

    @Test
    void namesWithoutTheModelsPrefixAndWithTheAdaptersNameAreUnderstood() throws IOException {
        TinyModel base = untied().write(folder.resolve("base"), "F32");
        float[] a = TinyAdapter.values(4 * 32, 2);
        float[] b = TinyAdapter.values(32 * 4, 4);
        new TinyAdapter(4, 4)
                .tensor("layers.1.self_attn.q_proj.lora_A.default.weight", List.of(4, 32), a)
                .tensor("layers.1.self_attn.q_proj.lora_B.default.weight", List.of(32, 4), b)
                .write(folder.resolve("ad"), "F32");

        float[] merged = merge(passthrough("./base+./ad")).get(Q + ".weight").data();

        assertThat((double) merged[33])
                .isEqualTo(base.data(Q + ".weight")[33] + TinyAdapter.product(b, a, 4)[33]);
    }

    @Test
    void aTiedHeadThatTheAdapterChangesIsWrittenAndUntied() throws IOException {
        TinyModel base = TinyModel.llama(4, 96, true, 0).write(folder.resolve("base"), "F32");
        TinyAdapter adapter =
                new TinyAdapter(2, 2).factors(HEAD, 2, 96, 32).write(folder.resolve("ad"), "F32");

        Map<String, Values> out = merge(passthrough("./base+./ad"));

        float[] e = base.data(EMBEDDINGS + ".weight");
        assertThat(out.get(EMBEDDINGS + ".weight").data()).isEqualTo(e);
        assertThat((double) out.get(HEAD + ".weight").data()[40])
                .isEqualTo(e[40] + adapter.product(HEAD)[40]);
        assertThat(tieFlag()).isFalse();
    }

    private static TinyModel untied() {
        return TinyModel.llama(4, 96, false, 0);
    }

    private static TinyAdapter adapter() {
        return new TinyAdapter(4, 8).factors(Q, 4, 32, 32).factors(DOWN, 4, 32, 64);
    }

    private static String passthrough(String model) {
        return "merge_method: passthrough\nmodels:\n  - model: " + model + "\n";
    }

    private Map<String, Values> merge(String recipe) {
        return new RecipeRun(folder).merge(recipe);
    }

    private Cli.Result run(String recipe, String... options) {
        return new RecipeRun(folder).run(recipe, options);
    }

    private boolean tieFlag() {
        return new RecipeRun(folder).config().path("tie_word_embeddings").booleanValue();
    }

    /// Rounded to nearest even.
    private static float bf16(double value) {
        int bits = Float.floatToRawIntBits((float) value);
        int rounded = bits + 0x7fff + (bits >>> 16 & 1);
        return Float.intBitsToFloat(rounded & 0xffff_0000);
    }
}
