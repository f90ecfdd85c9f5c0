package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import jmergekit.method.MergeMethods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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
        return MergeMethods.builtIn().names().stream().toList();
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
                        prefix + key + "_proj.weight",
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
        model.write(folder.resolve(name), "F32");
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
