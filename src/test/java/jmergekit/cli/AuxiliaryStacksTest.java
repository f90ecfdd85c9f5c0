package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyFamily;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Layers for multi-token prediction, by the names that the families have for them.
class AuxiliaryStacksTest {
    private static final List<String> METHODS =
            List.of(
                    "linear",
                    "ties",
                    "dare_ties",
                    "task_arithmetic",
                    "slerp",
                    "nuslerp",
                    "karcher");

    @TempDir private Path folder;

    /// @param count where config.json counts them; empty if it does not
    /// @param next what the names of such tensors begin with, in a model of four layers
    enum Family {
        QWEN_3_5("/text_config/mtp_num_hidden_layers", "mtp.") {
            @Override
            TinyModel of(int layers, boolean mtp, int m) {
                return TinyFamily.qwen35(layers, mtp, m);
            }
        },
        QWEN_3_NEXT("", "mtp.") {
            @Override
            TinyModel of(int layers, boolean mtp, int m) {
                return TinyFamily.qwen3Next(layers, mtp, m);
            }
        },
        MIMO("/num_nextn_predict_layers", "model.mtp_layers.") {
            @Override
            TinyModel of(int layers, boolean mtp, int m) {
                return TinyFamily.mimo(layers, mtp, m);
            }
        },
        DEEPSEEK_V3("/num_nextn_predict_layers", "model.layers.4.") {
            @Override
            TinyModel of(int layers, boolean mtp, int m) {
                return TinyFamily.deepseekV3(layers, mtp, m);
            }
        },
        GLM_4_5("/num_nextn_predict_layers", "model.layers.4.") {
            @Override
            TinyModel of(int layers, boolean mtp, int m) {
                return TinyFamily.glm45(layers, mtp, m);
            }
        },
        DEEPSEEK_V4("/num_nextn_predict_layers", "mtp.0.") {
            @Override
            TinyModel of(int layers, boolean mtp, int m) {
                return TinyFamily.deepseekV4(layers, mtp, m);
            }
        };

        private final String count;
        private final String next;

        Family(String count, String next) {
            this.count = count;
            this.next = next;
        }

        abstract TinyModel of(int layers, boolean mtp, int m);

        String module() {
            return this == MIMO ? "mtp_layers" : "mtp";
        }
    }

    static Stream<Arguments> familiesAndMethods() {
        return Arrays.stream(Family.values())
                .flatMap(f -> METHODS.stream().map(m -> Arguments.of(f, m)));
    }

    @ParameterizedTest
    @MethodSource("familiesAndMethods")
    void allThatHaveItMergeItWithoutAWarning(Family family, String method) {
        write("base", family, true, 0);
        write("a", family, true, 1);

        Cli.Result result = run(whole(method, "./a"), "--strict");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).doesNotContain("warning");
        assertThat(read("out").keySet()).isEqualTo(read("base").keySet());
        assertThat(next(family, "out")).isNotEqualTo(next(family, "base"));
        assertCount(family, 1);
    }

    @ParameterizedTest
    @MethodSource("familiesAndMethods")
    void theBasesStaysWhereAFineTuneLacksIt(Family family, String method) {
        write("base", family, true, 0);
        write("a", family, false, 1);

        Cli.Result result = run(whole(method, "./a"), "--strict");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).doesNotContain("warning");
        assertThat(next(family, "out")).isEqualTo(next(family, "base")).isNotEmpty();
        assertThat(read("out").keySet()).isEqualTo(read("base").keySet());
        assertCount(family, 1);
        assertThat(plan(whole(method, "./a")))
                .contains(
                        "module '%s', which ./a lacks, is copied from ./base"
                                .formatted(family.module()));
    }

    @ParameterizedTest
    @MethodSource("familiesAndMethods")
    void aFineTunesStaysWhereTheBaseLacksIt(Family family, String method) {
        write("base", family, false, 0);
        write("a", family, true, 1);

        Cli.Result result = run(whole(method, "./a"), "--strict");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(next(family, "out")).isEqualTo(next(family, "a")).isNotEmpty();
        assertCount(family, 1);
        assertThat(plan(whole(method, "./a")))
                .contains(
                        "module '%s', which ./base lacks, is copied from ./a"
                                .formatted(family.module()));
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void aCountOfLayersThatNoModelHasIsPutRight(Family family) {
        write("base", family, false, 0);
        write("a", family, false, 1);

        Cli.Result result = run(whole("ties", "./a"), "--strict");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(next(family, "out")).isEmpty();
        assertCount(family, 0);
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void slicesKeepItBehindTheirLayers(Family family) {
        write("base", family, true, 0);

        Map<String, Values> out = new RecipeRun(folder).merge(stacked());

        String next = family.next.replace("layers.4.", "layers.7.");
        assertThat(some(out, next)).isEqualTo(next(family, "base"));
        assertThat(out).hasSize(read("base").size() + repeated("base"));
        assertCount(family, 1);
        assertThat(plan(stacked()))
                .containsPattern("'" + family.module() + "' (is|are) copied from");
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void slicesOfModelsWithoutItPutTheCountRight(Family family) {
        write("base", family, false, 0);

        new RecipeRun(folder).merge(stacked());

        assertCount(family, 0);
    }

    @Test
    void aListOfModulesMayLeaveItOut() {
        write("base", Family.QWEN_3_5, true, 0);

        Map<String, Values> out =
                new RecipeRun(folder)
                        .merge(
                                """
                                merge_method: passthrough
                                modules:
                                  language_model: {models: [{model: ./base}]}
                                  visual: {models: [{model: ./base}]}
                                """);

        assertThat(some(out, "mtp.")).isEmpty();
        assertCount(Family.QWEN_3_5, 0);
    }

    // As Nemotron has it: one layer of the configuration is two of the files.
    @Test
    void aCountThatIsNotThatOfTheFilesStaysWhereAllIsKept() {
        for (String name : List.of("base", "a")) {
            TinyFamily.qwen3Next(4, true, 0)
                    .with("mtp.layers.1.mlp.up_proj.weight", List.of(2), new float[] {1, 2})
                    .config("num_nextn_predict_layers", 1)
                    .write(folder.resolve(name), "BF16");
        }

        new RecipeRun(folder).merge(whole("linear", "./a"));

        assertThat(new RecipeRun(folder).config().path("num_nextn_predict_layers").intValue())
                .isEqualTo(1);
    }

    @Test
    void aBaseWhoseConfigurationDoesNotCountItGetsTheCount() {
        TinyFamily.mimo(4, false, 0)
                .config("num_nextn_predict_layers", 0)
                .write(folder.resolve("base"), "BF16");
        write("a", Family.MIMO, true, 1);

        new RecipeRun(folder).merge(whole("linear", "./a"));

        assertCount(Family.MIMO, 1);
    }

    @Test
    void threeModelsOfWhichTwoHaveItMergeThose() {
        write("base", Family.QWEN_3_5, true, 0);
        write("a", Family.QWEN_3_5, true, 1);
        write("b", Family.QWEN_3_5, false, 2);

        Map<String, Values> out = new RecipeRun(folder).merge(whole("linear", "./a", "./b"));

        float[] base = read("base").get("mtp.fc.weight").data();
        float[] a = read("a").get("mtp.fc.weight").data();
        assertThat(out.get("mtp.fc.weight").data()[3])
                .isCloseTo((base[3] + a[3]) / 2, org.assertj.core.data.Offset.offset(0.005f));
    }

    // Some tools leave out what is the model's embeddings and head once more.
    @Test
    void aFineTuneThatLacksSomeOfItsTensorsLeavesTheBases() {
        write("base", Family.DEEPSEEK_V3, true, 0);
        TinyFamily.deepseekV3(4, true, 1)
                .without("model.layers.4.embed_tokens.weight")
                .without("model.layers.4.shared_head.head.weight")
                .write(folder.resolve("a"), "BF16");

        new RecipeRun(folder).merge(whole("ties", "./a"));

        assertThat(next(Family.DEEPSEEK_V3, "out")).isEqualTo(next(Family.DEEPSEEK_V3, "base"));
        assertThat(plan(whole("ties", "./a")))
                .contains("module 'mtp', which has other layers or tensors in ./a, is copied from");
    }

    // config.json can say of all weights or of none that they have scales.
    @Test
    void scalesOfKeptLayersAreAppliedWhereOthersAre() {
        float8(TinyFamily.deepseekV3(4, true, 0), true).write(folder.resolve("base"), "BF16");
        float8(TinyFamily.deepseekV3(4, false, 1), false).write(folder.resolve("a"), "BF16");
        String up = "model.layers.4.mlp.experts.1.up_proj.weight";

        Map<String, Values> out = new RecipeRun(folder).merge(whole("ties", "./a"));

        assertThat(out.get(up).data()).containsOnly(0.75f);
        assertThat(out).doesNotContainKey(up + "_scale_inv");
        assertThat(new RecipeRun(folder).dtypes()).containsEntry(up, "BF16");
        assertThat(new RecipeRun(folder).config().has("quantization_config")).isFalse();
    }

    @Test
    void stacksOfFloat8KeepTheScalesOfAllLayers() {
        float8(TinyFamily.deepseekV3(4, true, 0), true).write(folder.resolve("base"), "BF16");
        String up = ".mlp.experts.1.up_proj.weight";

        Map<String, Values> out = new RecipeRun(folder).merge(stacked());

        assertThat(out)
                .containsKey("model.layers.6" + up + "_scale_inv")
                .containsKey("model.layers.7" + up + "_scale_inv");
        assertThat(new RecipeRun(folder).dtypes()).containsEntry("model.layers.7" + up, "F8_E4M3");
        assertThat(new RecipeRun(folder).config().has("quantization_config")).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"QWEN_3_NEXT", "DEEPSEEK_V3"})
    void anAdapterLeavesTheBasesAsTheyAre(Family family) {
        write("base", family, true, 0);
        write("a", family, false, 1);

        Cli.Result result = Cli.run(folder, "extract-lora", "a", "base", "out", "--max-rank", "2");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).doesNotContain("multi-token");
        assertThat(new RecipeRun(folder).config("adapter_config.json").toString())
                .doesNotContain("mtp", "layers.4");
    }

    @Test
    void anAdapterHasNoLayersThatTheBaseLacks() {
        write("base", Family.QWEN_3_NEXT, false, 0);
        write("a", Family.QWEN_3_NEXT, true, 1);

        Cli.Result result = Cli.run(folder, "extract-lora", "a", "base", "out", "--max-rank", "2");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).contains("does not include 'mtp.fc.weight', 'mtp.norm.weight'");
    }

    // Weights of 1.5 with a scale of 0.5 in one block.
    private static TinyModel float8(TinyModel model, boolean mtp) {
        for (int layer = 1; layer < (mtp ? 5 : 4); layer++) {
            float[] data = new float[16];
            Arrays.fill(data, 1.5f);
            String up = "model.layers.%d.mlp.experts.1.up_proj.weight".formatted(layer);
            model.with(up, List.of(4, 4), data, "F8_E4M3")
                    .with(up + "_scale_inv", List.of(1, 1), new float[] {0.5f}, "F32");
        }
        return model.config(
                "quantization_config",
                Map.of("quant_method", "fp8", "weight_block_size", List.of(128, 128)));
    }

    private String plan(String recipe) {
        return run(recipe, "--dry-run").out();
    }

    private void assertCount(Family family, int count) {
        if (!family.count.isEmpty()) {
            JsonNode config = new RecipeRun(folder).config();
            assertThat(config.at(family.count).intValue()).isEqualTo(count);
        }
    }

    private void write(String name, Family family, boolean mtp, int m) {
        family.of(4, mtp, m).write(folder.resolve(name), "BF16");
    }

    private Cli.Result run(String recipe, String... options) {
        String[] all = Arrays.copyOf(options, options.length + 2);
        all[options.length] = "--quiet";
        all[options.length + 1] = "--overwrite";
        return new RecipeRun(folder).run(recipe, all);
    }

    // How many tensors layers 1 to 3 of the text have.
    private int repeated(String name) {
        return (int)
                read(name).keySet().stream()
                        .filter(n ->
                                n.matches("(model\\.)?(language_model\\.)?layers\\.[123]\\..*"))
                        .count();
    }

    private List<List<Float>> next(Family family, String name) {
        return some(read(name), family.next);
    }

    private static List<List<Float>> some(Map<String, Values> tensors, String prefix) {
        return tensors.entrySet().stream()
                .filter(e -> e.getKey().startsWith(prefix))
                .map(e -> floats(e.getValue().data()))
                .toList();
    }

    private static List<Float> floats(float[] data) {
        Float[] floats = new Float[data.length];
        Arrays.setAll(floats, i -> data[i]);
        return List.of(floats);
    }

    private Map<String, Values> read(String name) {
        return TinyModel.read(folder.resolve(name));
    }

    private static String stacked() {
        return """
        merge_method: passthrough
        slices:
        - sources: [{model: ./base, layer_range: [0, 4]}]
        - sources: [{model: ./base, layer_range: [1, 4]}]
        """;
    }

    private static String whole(String method, String... models) {
        StringBuilder recipe = new StringBuilder("merge_method: " + method + "\n");
        recipe.append(method.equals("nuslerp") ? "" : "base_model: ./base\n").append("models:\n");
        if (List.of("linear", "slerp", "nuslerp", "karcher").contains(method)) {
            recipe.append("- model: ./base\n");
        }
        for (String model : models) {
            recipe.append("- model: ").append(model).append("\n");
        }
        return recipe.append(
                        switch (method) {
                            case "slerp" -> "parameters: {t: 0.5}\n";
                            case "karcher" -> "";
                            default -> "parameters: {weight: 1}\n";
                        })
                .toString();
    }
}
