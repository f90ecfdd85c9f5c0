package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jmergekit.engine.MethodRuns;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Experts that are a tensor each, and all experts of a layer in one tensor, are the same model.
class ExpertLayoutsTest {
    private static final int EXPERTS = 3;
    private static final int HIDDEN = 6;
    private static final int INNER = 4;
    private static final String LAYER = "model.layers.%d.mlp.experts.";

    private enum Layout {
        SPLIT,
        FUSED,
        TRANSPOSED,
        INTERLEAVED
    }

    @TempDir private Path folder;

    static List<String> methods() {
        return MethodRuns.METHODS;
    }

    @ParameterizedTest
    @MethodSource("methods")
    void everyMethodGivesTheSameExpertsInEveryLayout(String method) {
        String recipe = recipe(method);
        Map<String, float[]> split = null;
        for (Layout layout : List.of(Layout.SPLIT, Layout.FUSED, Layout.TRANSPOSED)) {
            write("base", 0, layout, "llama4_text");
            write("a", 1, layout, "llama4_text");
            write("b", 2, layout, "llama4_text");
            Map<String, Values> out = new RecipeRun(folder).into(layout.name()).merge(recipe);
            Map<String, float[]> experts = experts(out, layout);
            if (split == null) {
                split = experts;
            }
            assertSame(experts, split, method + " " + layout);
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void modelsOfDifferentLayoutsAreMergedInThatOfTheBase(String method) {
        String recipe = recipe(method);
        write("base", 0, Layout.SPLIT, "qwen3_moe");
        write("a", 1, Layout.SPLIT, "qwen3_moe");
        write("b", 2, Layout.SPLIT, "qwen3_moe");
        Map<String, float[]> split =
                experts(new RecipeRun(folder).into("split").merge(recipe), Layout.SPLIT);

        write("a", 1, Layout.FUSED, "qwen3_moe");
        write("b", 2, Layout.TRANSPOSED, "qwen3_moe");
        Map<String, Values> intoSplit = new RecipeRun(folder).into("s").merge(recipe);
        assertThat(intoSplit).containsKey("model.layers.0.mlp.experts.2.down_proj.weight");
        assertSame(experts(intoSplit, Layout.SPLIT), split, method);

        write("base", 0, Layout.FUSED, "qwen3_moe");
        write("a", 1, Layout.SPLIT, "qwen3_moe");
        Map<String, Values> intoFused = new RecipeRun(folder).into("f").merge(recipe);
        assertThat(intoFused.get("model.layers.0.mlp.experts.gate_up_proj").shape())
                .containsExactly(EXPERTS, 2 * INNER, HIDDEN);
        assertSame(experts(intoFused, Layout.FUSED), split, method);

        write("base", 0, Layout.TRANSPOSED, "qwen3_moe");
        Map<String, Values> intoTransposed = new RecipeRun(folder).into("t").merge(recipe);
        assertThat(intoTransposed.get("model.layers.0.mlp.experts.down_proj").shape())
                .containsExactly(EXPERTS, INNER, HIDDEN);
        assertSame(experts(intoTransposed, Layout.TRANSPOSED), split, method);
    }

    @ParameterizedTest
    @MethodSource("methods")
    void gatesAndUpsThatAlternateAreTakenApart(String method) {
        String recipe = recipe(method);
        write("base", 0, Layout.SPLIT, "gpt_oss");
        write("a", 1, Layout.SPLIT, "gpt_oss");
        write("b", 2, Layout.SPLIT, "gpt_oss");
        Map<String, float[]> split =
                experts(new RecipeRun(folder).into("split").merge(recipe), Layout.SPLIT);

        write("base", 0, Layout.INTERLEAVED, "gpt_oss");
        write("a", 1, Layout.INTERLEAVED, "gpt_oss");
        Map<String, Values> out = new RecipeRun(folder).into("i").merge(recipe);

        assertSame(experts(out, Layout.INTERLEAVED), split, method);
    }

    @Test
    void theLayoutOfTheOutputCanBeChosen() {
        write("base", 0, Layout.SPLIT, "qwen3_moe");
        write("a", 1, Layout.SPLIT, "qwen3_moe");
        write("b", 2, Layout.FUSED, "qwen3_moe");
        String recipe = recipe("ties");
        Map<String, float[]> split =
                experts(new RecipeRun(folder).into("split").merge(recipe), Layout.SPLIT);

        Cli.Result result =
                new RecipeRun(folder).into("fused").run(recipe, "--expert-layout", "fused");

        assertThat(result.code()).as(result.err()).isZero();
        assertSame(experts(TinyModel.read(folder.resolve("fused")), Layout.FUSED), split, "ties");
        Cli.Result unknown =
                new RecipeRun(folder).into("x").run(recipe, "--expert-layout", "stacked");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("expected base, split or fused, not stacked");
    }

    @Test
    void passthroughOfOneModelChangesTheLayoutAlone() {
        write("base", 0, Layout.INTERLEAVED, "gpt_oss");
        String recipe = "{merge_method: passthrough, models: [{model: ./base}]}";

        Cli.Result result =
                new RecipeRun(folder).into("split").run(recipe, "--expert-layout", "split");

        assertThat(result.code()).as(result.err()).isZero();
        assertSame(
                experts(TinyModel.read(folder.resolve("split")), Layout.SPLIT),
                experts(TinyModel.read(folder.resolve("base")), Layout.INTERLEAVED),
                "passthrough");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ties", "dare_ties", "slerp"})
    void recipesInsideRecipesAreRoundedOnceInEveryLayout(String method) {
        Map<String, float[]> split = null;
        for (Layout layout : List.of(Layout.SPLIT, Layout.FUSED, Layout.TRANSPOSED)) {
            for (int i = 0; i < 3; i++) {
                write(List.of("base", "a", "b").get(i), i, layout, "llama4_text", "BF16");
            }
            Path out = folder.resolve("nested-" + layout);
            try {
                Files.writeString(
                        folder.resolve("two.yml"),
                        "name: inner\n"
                                + recipe(method)
                                + "---\nmerge_method: slerp\nbase_model: inner\n"
                                + "parameters: {t: 0.5}\nmodels: [{model: inner}, {model: ./b}]\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Cli.Result result = Cli.run(folder, "multi", "two.yml", "--out-path", out.toString());
            assertThat(result.code()).as(result.err()).isZero();
            Map<String, float[]> experts = experts(TinyModel.read(out), layout);
            split = split == null ? experts : split;
            assertSame(experts, split, method + " " + layout);
        }
    }

    @Test
    void drawsOfFamiliesWithNumberedMatricesAreTheSameInEveryLayout() {
        String recipe = recipe("dare_ties");
        write("base", 0, Layout.SPLIT, "mixtral");
        write("a", 1, Layout.SPLIT, "mixtral");
        write("b", 2, Layout.SPLIT, "mixtral");
        Map<String, Values> split = new RecipeRun(folder).into("split").merge(recipe);
        assertThat(split).containsKey("model.layers.0.mlp.experts.1.w3.weight");

        write("base", 0, Layout.FUSED, "mixtral");
        Map<String, Values> fused = new RecipeRun(folder).into("fused").merge(recipe);

        assertSame(experts(fused, Layout.FUSED), numbered(split), "dare_ties");
    }

    private static String numbered(String key) {
        return key.replace("gate", "w1").replace("down", "w2").replace("up", "w3");
    }

    private static Map<String, float[]> numbered(Map<String, Values> tensors) {
        Map<String, Values> named = new TreeMap<>();
        tensors.forEach((name, values) ->
                named.put(
                        name.replace(".w1.", ".gate_proj.")
                                .replace(".w2.", ".down_proj.")
                                .replace(".w3.", ".up_proj."),
                        values));
        return experts(named, Layout.SPLIT);
    }

    @Test
    void biasesGoWithTheirMatrices() {
        String recipe =
                "{merge_method: linear, parameters: {weight: 1}, models: [{model: ./base}, {model: ./a}]}";
        write("base", 0, Layout.INTERLEAVED, "gpt_oss", "F32", 2 * INNER);
        write("a", 0, Layout.INTERLEAVED, "gpt_oss", "F32", 2 * INNER);

        Cli.Result result =
                new RecipeRun(folder).into("split").run(recipe, "--expert-layout", "split");

        assertThat(result.code()).as(result.err()).isZero();
        Map<String, Values> split = TinyModel.read(folder.resolve("split"));
        String prefix = LAYER.formatted(0) + "1.";
        assertThat(split.get(prefix + "gate_proj.bias").data()).containsExactly(8, 10, 12, 14);
        assertThat(split.get(prefix + "up_proj.bias").data()).containsExactly(9, 11, 13, 15);
        assertThat(split.get(prefix + "down_proj.bias").data()).containsExactly(6, 7, 8, 9, 10, 11);
        Map<String, Values> again =
                new RecipeRun(folder)
                        .into("again")
                        .merge(
                                "{merge_method: linear, parameters: {weight: 1}, models: [{model: ./split},"
                                        + " {model: ./base}]}");
        assertThat(again.get(LAYER.formatted(0) + "0.gate_proj.bias").data())
                .containsExactly(0, 2, 4, 6);
    }

    @Test
    void biasesOfOtherSizesLeaveExpertsAsTheyAre() {
        String recipe = "{merge_method: passthrough, models: [{model: ./odd}]}";
        write("odd", 0, Layout.INTERLEAVED, "gpt_oss", "F32", 2 * INNER - 1);

        Cli.Result result = new RecipeRun(folder).into("x").run(recipe, "--expert-layout", "split");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(TinyModel.read(folder.resolve("x")))
                .containsKey("model.layers.0.mlp.experts.gate_up_proj_bias");
    }

    @Test
    void aFilterOfOneModelIsTestedAgainstTheNamesOfTheOutput() {
        write("base", 0, Layout.FUSED, "qwen3_moe");
        write("a", 1, Layout.SPLIT, "qwen3_moe");
        String recipe =
                "merge_method: linear\nmodels: [{model: ./base, parameters: {weight: 1}}, {model: ./a,"
                        + " parameters: {weight: [{filter: gate_up_proj, value: 1}, {value: 0}]}}]\n";

        Map<String, float[]> merged = experts(new RecipeRun(folder).merge(recipe), Layout.FUSED);

        Map<String, float[]> base = values(0);
        Map<String, float[]> tuned = values(1);
        assertThat(merged.get("1.down")).containsExactly(base.get("1.down"));
        float[] gate = merged.get("1.gate");
        for (int i = 0; i < gate.length; i++) {
            assertThat(gate[i])
                    .isEqualTo(0.5f * base.get("1.gate")[i] + 0.5f * tuned.get("1.gate")[i]);
        }
    }

    private static void assertSame(
            Map<String, float[]> found, Map<String, float[]> expected, String what) {
        assertThat(found.keySet()).as(what).isEqualTo(expected.keySet());
        expected.forEach((name, values) ->
                assertThat(found.get(name)).as(what + " " + name).containsExactly(values));
    }

    private static String recipe(String method) {
        String base =
                switch (method) {
                    case "linear", "karcher", "passthrough", "multislerp" -> "";
                    case "slerp" -> "base_model: ./base\nparameters: {t: 0.3}\n";
                    case "nuslerp" -> "parameters: {weight: 0.4}\n";
                    default -> "base_model: ./base\n";
                };
        String models =
                switch (method) {
                    case "passthrough" -> "[{model: ./base, parameters: {scale: 0.5}}]";
                    case "slerp", "nuslerp", "arcee_fusion", "nearswap" ->
                            "[{model: ./base}, {model: ./a}]";
                    default ->
                            "[{model: ./base, parameters: {weight: 0.2, density: 0.6}},"
                                    + " {model: ./a, parameters: {weight: 0.3, density: 0.7}},"
                                    + " {model: ./b, parameters: {weight: 0.4, density: 0.5}}]";
                };
        String global = method.equals("nearswap") ? "parameters: {t: 0.01}\n" : "";
        return "merge_method: " + method + "\n" + base + global + "models: " + models + "\n";
    }

    private void write(String name, int tuning, Layout layout, String type) {
        write(name, tuning, layout, type, "F32");
    }

    private void write(String name, int tuning, Layout layout, String type, String dtype) {
        write(name, tuning, layout, type, dtype, 0);
    }

    /// @param biases how many gates and ups of an expert have one
    private void write(
            String name, int tuning, Layout layout, String type, String dtype, int biases) {
        TinyModel model =
                TinyModel.llama(1, 8, true, 0)
                        .config("model_type", type)
                        .config("architectures", List.of("ExpertsForCausalLM"))
                        .config("num_experts", EXPERTS);
        for (String part : List.of("gate", "up", "down")) {
            model.without("model.layers.0.mlp." + part + "_proj.weight");
        }
        String prefix = LAYER.formatted(0);
        Map<String, float[]> experts = values(tuning);
        if (layout == Layout.SPLIT) {
            experts.forEach((key, values) -> {
                boolean down = key.endsWith("down");
                model.with(
                        prefix
                                + (type.equals("mixtral") ? numbered(key) : key + "_proj")
                                + ".weight",
                        down ? List.of(HIDDEN, INNER) : List.of(INNER, HIDDEN),
                        values);
            });
        } else {
            float[] gateUp = new float[EXPERTS * 2 * INNER * HIDDEN];
            float[] down = new float[EXPERTS * INNER * HIDDEN];
            for (int e = 0; e < EXPERTS; e++) {
                for (int o = 0; o < 2 * INNER; o++) {
                    for (int h = 0; h < HIDDEN; h++) {
                        gateUp[gateUpAt(layout, e, o, h)] =
                                experts.get(e + (o < INNER ? ".gate" : ".up"))[
                                        o % INNER * HIDDEN + h];
                    }
                }
                for (int h = 0; h < HIDDEN; h++) {
                    for (int i = 0; i < INNER; i++) {
                        down[downAt(layout, e, h, i)] = experts.get(e + ".down")[h * INNER + i];
                    }
                }
            }
            boolean transposed = layout != Layout.FUSED;
            model.with(
                    prefix + "gate_up_proj",
                    transposed
                            ? List.of(EXPERTS, HIDDEN, 2 * INNER)
                            : List.of(EXPERTS, 2 * INNER, HIDDEN),
                    gateUp);
            model.with(
                    prefix + "down_proj",
                    transposed ? List.of(EXPERTS, INNER, HIDDEN) : List.of(EXPERTS, HIDDEN, INNER),
                    down);
        }
        if (biases > 0) {
            model.with(
                    prefix + "gate_up_proj_bias",
                    List.of(EXPERTS, biases),
                    counting(EXPERTS * biases));
            model.with(
                    prefix + "down_proj_bias",
                    List.of(EXPERTS, HIDDEN),
                    counting(EXPERTS * HIDDEN));
        }
        model.write(folder.resolve(name), dtype);
    }

    private static float[] counting(int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = i;
        }
        return values;
    }

    /// Where output `o` of the gates, which come first, and ups lies.
    private static int gateUpAt(Layout layout, int e, int o, int h) {
        int row = layout == Layout.INTERLEAVED ? o % INNER * 2 + o / INNER : o;
        return layout == Layout.FUSED
                ? (e * 2 * INNER + row) * HIDDEN + h
                : (e * HIDDEN + h) * 2 * INNER + row;
    }

    private static int downAt(Layout layout, int e, int h, int i) {
        return layout == Layout.FUSED ? (e * HIDDEN + h) * INNER + i : (e * INNER + i) * HIDDEN + h;
    }

    private static Map<String, float[]> values(int tuning) {
        Map<String, float[]> all = new TreeMap<>();
        int k = 0;
        for (int e = 0; e < EXPERTS; e++) {
            for (String part : List.of("gate", "up", "down")) {
                float[] values = new float[INNER * HIDDEN];
                for (int i = 0; i < values.length; i++) {
                    values[i] = ((37 * i + 101 * k) % 211 - 105) / 128f;
                    values[i] += tuning * ((29 * i + 7 * k + 17 * tuning) % 31 - 15) / 1024f;
                }
                all.put(e + "." + part, values);
                k++;
            }
        }
        return all;
    }

    /// The experts' matrices of a model, each `[out, in]`.
    private static Map<String, float[]> experts(Map<String, Values> tensors, Layout layout) {
        Map<String, float[]> all = new TreeMap<>();
        List<String> keys = new ArrayList<>(values(0).keySet());
        String prefix = LAYER.formatted(0);
        for (String key : keys) {
            int e = Integer.parseInt(key.substring(0, key.indexOf('.')));
            String part = key.substring(key.indexOf('.') + 1);
            if (layout == Layout.SPLIT) {
                all.put(key, tensors.get(prefix + key + "_proj.weight").data());
                continue;
            }
            float[] values = new float[INNER * HIDDEN];
            for (int i = 0; i < values.length; i++) {
                values[i] =
                        part.equals("down")
                                ? tensors.get(prefix + "down_proj")
                                        .data()[downAt(layout, e, i / INNER, i % INNER)]
                                : tensors.get(prefix + "gate_up_proj")
                                        .data()[
                                        gateUpAt(
                                                layout,
                                                e,
                                                i / HIDDEN + (part.equals("up") ? INNER : 0),
                                                i % HIDDEN)];
            }
            all.put(key, values);
        }
        return all;
    }
}
