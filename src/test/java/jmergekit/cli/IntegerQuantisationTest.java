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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// Checkpoints whose weights are packed whole numbers, as their tools write them.
class IntegerQuantisationTest {
    private static final int HIDDEN = 32;
    private static final List<String> MODULES = List.of("self_attn.q_proj", "mlp.up_proj");
    private static final List<Integer> ROWS = List.of(32, 64);

    @TempDir private Path folder;

    /// @param text how messages call it
    /// @param bare the same without a configuration
    enum Kind {
        GPTQ("GPTQ, 4 bits", "GPTQ", Map.of("quant_method", "gptq", "bits", 4, "group_size", 32)) {
            @Override
            void add(TinyModel model, String module, int rows) {
                integers(model, module + ".qweight", "I32", HIDDEN / 8, rows);
                integers(model, module + ".qzeros", "I32", 1, rows / 8);
                floats(model, module + ".scales", "F16", 1, rows);
                integers(model, module + ".g_idx", "I32", HIDDEN);
            }
        },
        AWQ(
                "AWQ, 4 bits",
                "AWQ, 4 bits",
                Map.of("quant_method", "awq", "bits", 4, "version", "gemm")) {
            @Override
            void add(TinyModel model, String module, int rows) {
                integers(model, module + ".qweight", "I32", HIDDEN, rows / 8);
                integers(model, module + ".qzeros", "I32", 1, rows / 8);
                floats(model, module + ".scales", "F16", 1, rows);
            }
        },
        NF4(
                "bitsandbytes, 4 bits",
                "bitsandbytes, 4 bits",
                Map.of(
                        "quant_method",
                        "bitsandbytes",
                        "load_in_4bit",
                        true,
                        "bnb_4bit_quant_type",
                        "nf4")) {
            @Override
            void add(TinyModel model, String module, int rows) {
                String weight = module + ".weight";
                integers(model, weight, "U8", rows * HIDDEN / 2, 1);
                integers(model, weight + ".absmax", "U8", rows * HIDDEN / 64);
                floats(model, weight + ".nested_absmax", "F32", 1);
                floats(model, weight + ".nested_quant_map", "F32", 256);
                floats(model, weight + ".quant_map", "F32", 16);
                integers(model, weight + ".quant_state.bitsandbytes__nf4", "U8", 90);
            }
        },
        INT8(
                "bitsandbytes, 8 bits",
                "bitsandbytes, 8 bits",
                Map.of("quant_method", "bitsandbytes", "load_in_8bit", true)) {
            @Override
            void add(TinyModel model, String module, int rows) {
                integers(model, module + ".weight", "I8", rows, HIDDEN);
                floats(model, module + ".SCB", "F32", rows);
            }
        },
        HQQ(
                "HQQ, 4 bits",
                "HQQ",
                Map.of(
                        "quant_method",
                        "hqq",
                        "quant_config",
                        Map.of("weight_quant_params", Map.of("nbits", 4)))) {
            @Override
            void add(TinyModel model, String module, int rows) {
                integers(model, module + ".W_q", "U8", rows / 2, HIDDEN);
                floats(model, module + ".scale", "F16", rows, 1);
                floats(model, module + ".zero", "F16", rows, 1);
            }
        },
        AQLM("AQLM", "AQLM", Map.of("quant_method", "aqlm", "nbits_per_codebook", 8)) {
            @Override
            void add(TinyModel model, String module, int rows) {
                integers(model, module + ".codes", "I8", rows, HIDDEN / 8, 1);
                floats(model, module + ".codebooks", "F16", 1, 4, 1, 8);
                floats(model, module + ".scales", "F16", rows, 1, 1, 1);
            }
        },
        EETQ("EETQ, 8 bits", "EETQ, 8 bits", Map.of("quant_method", "eetq", "weights", "int8")) {
            @Override
            void add(TinyModel model, String module, int rows) {
                integers(model, module + ".weight", "I8", HIDDEN, rows);
                floats(model, module + ".weight_scales", "F16", rows);
            }
        },
        COMPRESSED(
                "compressed-tensors, 4 bits",
                "compressed-tensors",
                Map.of(
                        "quant_method",
                        "compressed-tensors",
                        "format",
                        "pack-quantized",
                        "config_groups",
                        Map.of(
                                "group_0",
                                Map.of("weights", Map.of("num_bits", 4, "type", "int"))))) {
            @Override
            void add(TinyModel model, String module, int rows) {
                integers(model, module + ".weight_packed", "I32", rows, HIDDEN / 8);
                floats(model, module + ".weight_scale", "BF16", rows, 1);
                integers(model, module + ".weight_shape", "I64", 2);
            }
        },
        MODELOPT(
                "ModelOpt, 4 bits",
                "",
                Map.of("quant_method", "modelopt", "quant_algo", "W4A16_AWQ")) {
            @Override
            void add(TinyModel model, String module, int rows) {
                integers(model, module + ".weight", "U8", rows / 2, HIDDEN);
                floats(model, module + ".weight_scale", "F32", rows, 1);
                floats(model, module + ".pre_quant_scale", "F16", HIDDEN);
            }
        },
        TORCHAO(
                "torchao, 8 bits",
                "torchao",
                Map.of("quant_method", "torchao", "quant_type", "int8_weight_only")) {
            @Override
            void add(TinyModel model, String module, int rows) {
                integers(model, module + ".weight_qdata", "I8", rows, HIDDEN);
                floats(model, module + ".weight_scale", "BF16", rows);
            }
        };

        private final String text;
        private final String bare;
        private final Map<String, Object> config;

        Kind(String text, String bare, Map<String, Object> config) {
            this.text = text;
            this.bare = bare;
            this.config = config;
        }

        abstract void add(TinyModel model, String module, int rows);

        TinyModel model(boolean declared) {
            TinyModel model = TinyModel.llama(2, 24, false, 0).config("torch_dtype", "bfloat16");
            for (int layer = 0; layer < 2; layer++) {
                for (int i = 0; i < MODULES.size(); i++) {
                    String module = "model.layers.%d.%s".formatted(layer, MODULES.get(i));
                    model.without(module + ".weight");
                    add(model, module, ROWS.get(i));
                }
            }
            return declared ? model.config("quantization_config", config) : model;
        }

        private static void integers(TinyModel model, String name, String dtype, Integer... shape) {
            fill(model, name, dtype, 1, shape);
        }

        private static void floats(TinyModel model, String name, String dtype, Integer... shape) {
            fill(model, name, dtype, 0.25f, shape);
        }

        private static void fill(
                TinyModel model, String name, String dtype, float step, Integer... shape) {
            List<Integer> sizes = List.of(shape);
            float[] data = new float[sizes.stream().reduce(1, (a, b) -> a * b)];
            for (int i = 0; i < data.length; i++) {
                data[i] = i % 100 * step;
            }
            model.with(name, sizes, data, dtype);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMergeIsRefusedOnceWithWhatItIs(Kind kind) {
        kind.model(true).write(folder.resolve("q"), "BF16");
        TinyModel.llama(2, 24, false, 1).write(folder.resolve("b"), "BF16");

        for (String recipe : List.of(linear("./b", "./q"), ties("./q", "./b"))) {
            Cli.Result result = new RecipeRun(folder).run(recipe);

            assertThat(result.code()).isEqualTo(3);
            assertThat(result.err())
                    .containsOnlyOnce("error:")
                    .contains(
                            "./q: its weights are quantised by " + kind.text + ": packed integers",
                            "and 3 more",
                            "use the unquantised checkpoint it was made from");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "MODELOPT")
    void tensorsAloneTellWhatItIs(Kind kind) {
        kind.model(false).write(folder.resolve("q"), "BF16");
        TinyModel.llama(2, 24, false, 1).write(folder.resolve("b"), "BF16");

        Cli.Result result = new RecipeRun(folder).run(linear("./b", "./q"));

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err())
                .containsOnlyOnce("error:")
                .contains("./q: its weights are quantised by " + kind.bare + ": packed integers");
    }

    @ParameterizedTest
    @EnumSource
    void passthroughCopiesAllOfIt(Kind kind) {
        kind.model(true).write(folder.resolve("q"), "BF16");
        RecipeRun run = new RecipeRun(folder);

        Map<String, Values> out = run.merge("merge_method: passthrough\nmodels: [{model: ./q}]\n");

        Map<String, Values> in = TinyModel.read(folder.resolve("q"));
        assertThat(out.keySet()).isEqualTo(in.keySet());
        in.forEach((name, values) -> {
            assertThat(out.get(name).shape()).as(name).isEqualTo(values.shape());
            assertThat(out.get(name).data()).as(name).isEqualTo(values.data());
        });
        assertThat(run.dtypes()).isEqualTo(new RecipeRun(folder, "q").dtypes());
        assertThat(run.config().path("quantization_config"))
                .isEqualTo(TinyModel.readConfig(folder.resolve("q")).path("quantization_config"));
    }

    @ParameterizedTest
    @EnumSource
    void layersOfOneKindAreStacked(Kind kind) {
        kind.model(true).write(folder.resolve("q"), "BF16");

        Map<String, Values> out = new RecipeRun(folder).merge(stacked("./q", "./q"));

        TinyModel.read(folder.resolve("q"))
                .forEach((name, values) -> {
                    String twice =
                            name.replace("layers.0", "layers.2").replace("layers.1", "layers.3");
                    assertThat(out.get(twice).data()).as(twice).isEqualTo(values.data());
                });
    }

    @Test
    void layersOfTwoKindsAreNot() {
        Kind.GPTQ.model(true).write(folder.resolve("q"), "BF16");
        TinyModel.llama(2, 24, false, 1).write(folder.resolve("b"), "BF16");

        Cli.Result result = new RecipeRun(folder).run(stacked("./q", "./b"));

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err())
                .containsOnlyOnce("error:")
                .contains(
                        "./b: its weights are packed in a different way, but config.json can describe"
                                + " only one (expected quantised by GPTQ, 4 bits as in './q', found no"
                                + " packed weights)");
    }

    @Test
    void scalingThemIsRefusedOnce() {
        Kind.NF4.model(true).write(folder.resolve("q"), "BF16");

        Cli.Result result =
                new RecipeRun(folder)
                        .run(
                                """
                                merge_method: passthrough
                                models: [{model: ./q, parameters: {scale: 0.5}}]
                                """);

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err())
                .containsOnlyOnce("error:")
                .contains("quantised by bitsandbytes, 4 bits");
    }

    @Test
    void anAdapterTrainedOnItBelongsOnTheWeightsThatItWasMadeFrom() {
        Kind.NF4
                .model(true)
                .config("_name_or_path", "tiny/llama")
                .write(folder.resolve("q"), "BF16");
        new TinyAdapter(2, 2)
                .factors("model.layers.0.mlp.up_proj", 2, 64, HIDDEN)
                .write(folder.resolve("ad"), "F32");

        Cli.Result result =
                new RecipeRun(folder)
                        .run("merge_method: passthrough\nmodels: [{model: ./q+./ad}]\n");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err())
                .containsOnlyOnce("error:")
                .contains("use 'tiny/llama', which it was made from, with the same adapter");
    }

    @Test
    void theCardTellsWhatItWasMadeFrom() throws IOException {
        Kind.AWQ
                .model(true)
                .config("_name_or_path", "tiny/llama-awq")
                .write(folder.resolve("q"), "BF16");
        Files.writeString(
                folder.resolve("q/README.md"),
                "---\nlicense: mit\nbase_model:\n- tiny/llama\nbase_model_relation: quantized\n---\n");
        TinyModel.llama(2, 24, false, 1).write(folder.resolve("b"), "BF16");

        assertThat(new RecipeRun(folder).run(linear("./q", "./b")).err())
                .contains("use 'tiny/llama', which it was made from");
    }

    // transformers quantises such weights when it loads them.
    @Test
    void plainWeightsMergeWhateverTheConfigurationAsksFor() {
        for (String name : List.of("a", "b")) {
            TinyModel.llama(2, 24, false, 1)
                    .config("quantization_config", Kind.NF4.config)
                    .write(folder.resolve(name), "BF16");
        }

        assertThat(new RecipeRun(folder).merge(linear("./a", "./b"))).hasSize(21);
    }

    // The layers of DeepSeek-V4 that choose experts by token have a table of whole numbers.
    @Test
    void aTableOfExpertsIsNoPackedWeight() {
        for (String name : List.of("a", "b")) {
            TinyModel.llama(1, 24, false, 1)
                    .with("model.layers.0.ffn.gate.tid2eid", List.of(24, 2), new float[48], "I64")
                    .config("quantization_config", Map.of("quant_method", "fp8"))
                    .write(folder.resolve(name), "BF16");
        }

        assertThat(new RecipeRun(folder).merge(linear("./a", "./b")))
                .containsKey("model.layers.0.ffn.gate.tid2eid");
    }

    private static String linear(String first, String second) {
        return """
        merge_method: linear
        models: [{model: %s}, {model: %s}]
        parameters: {weight: 1}
        """
                .formatted(first, second);
    }

    private static String ties(String base, String other) {
        return """
        merge_method: ties
        base_model: %s
        models: [{model: %s}]
        parameters: {weight: 1}
        """
                .formatted(base, other);
    }

    private static String stacked(String first, String second) {
        return """
        merge_method: passthrough
        slices:
        - sources: [{model: %s, layer_range: [0, 2]}]
        - sources: [{model: %s, layer_range: [0, 2]}]
        """
                .formatted(first, second);
    }
}
