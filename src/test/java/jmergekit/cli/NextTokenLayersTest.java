package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Models with a layer for multi-token prediction, and fine-tunes that were saved without it.
class NextTokenLayersTest {
    private static final String Q = "self_attn.q_proj.weight";

    @TempDir private Path folder;

    /// As drafts are kept apart from their model.
    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void aModelOfNothingElseKeepsItsNames(int number) {
        String layer = "model.layers." + number + ".";
        for (String name : List.of("a", "b")) {
            TinyModel.llama(0, 24, false, 0)
                    .config("num_hidden_layers", number)
                    .config("num_nextn_predict_layers", 1)
                    .with(layer + "eh_proj.weight", List.of(2, 2), new float[] {1, 2, 3, 4})
                    .with(layer + Q, List.of(2, 2), new float[] {1, 2, 3, 4})
                    .write(folder.resolve(name), "F32");
        }

        Map<String, Values> out = run().merge(linear("./a", "./b"));

        assertThat(out.keySet()).isEqualTo(read("a").keySet()).contains(layer + Q);
    }

    /// As DeepSeek-V3 and GLM-4.5 have it: behind the last layer, with the next number.
    @Nested
    class BehindTheLastLayer {
        @BeforeEach
        void writeModels() {
            write("base", 0, "model.layers.4.", "model.layers.4.eh_proj.weight");
            write("a", 1, "model.layers.4.", "model.layers.4.eh_proj.weight");
            write("b", 2, null);
        }

        @Test
        void aGradientRunsOverTheLayersOfTheText() {
            run().merge(
                            """
                            merge_method: task_arithmetic
                            base_model: ./base
                            models: [{model: ./a, parameters: {weight: [0, 1]}}]
                            """);

            for (int layer = 0; layer < 4; layer++) {
                assertShare(layer / 3f, "model.layers." + layer + "." + Q);
            }
        }

        @Test
        void aSliceOfTheWholeModelKeepsTheNumberOfLayers() {
            Map<String, Values> out =
                    run().merge("merge_method: passthrough\nslices: [{sources: [{model: ./a}]}]\n");

            assertThat(out.keySet()).isEqualTo(TinyModel.read(folder.resolve("a")).keySet());
            assertThat(run().config().path("num_hidden_layers").intValue()).isEqualTo(4);
            assertThat(run().config().path("num_nextn_predict_layers").intValue()).isEqualTo(1);
        }

        @Test
        void aFineTuneWithoutItMergesAndTheBasesStays() {
            Cli.Result plan = run().run(linear("./base", "./b"), "--dry-run");
            Map<String, Values> out = run().merge(linear("./base", "./b"));

            assertThat(out.keySet()).isEqualTo(TinyModel.read(folder.resolve("base")).keySet());
            assertThat(out.get("model.layers.4." + Q).data())
                    .isEqualTo(read("base").get("model.layers.4." + Q).data());
            assertThat(plan.out()).contains("module 'mtp', which ./b lacks, is copied from ./base");
        }

        @Test
        void aFineTuneWithoutItMayComeFirst() {
            Map<String, Values> out = run().merge(linear("./b", "./base"));

            assertThat(out.get("model.layers.4." + Q).data())
                    .isEqualTo(read("base").get("model.layers.4." + Q).data());
        }

        @Test
        void aRangeEndsWithTheLayersOfTheText() {
            Cli.Result result =
                    run().run(
                                    "merge_method: passthrough\nslices: [{sources: [{model: ./a,"
                                            + " layer_range: [1, 5]}]}]\n");

            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err()).contains("layer_range [1, 5] exceeds the 4 layers of './a'");
        }

        @Test
        void aStackHasItBehindItsOwnLastLayer() {
            Map<String, Values> out =
                    run().merge(
                                    """
                                    merge_method: passthrough
                                    slices:
                                    - sources: [{model: ./base, layer_range: [0, 3]}]
                                    - sources: [{model: ./a, layer_range: [1, 4]}]
                                    """);

            assertThat(out.get("model.layers.6." + Q).data())
                    .isEqualTo(read("base").get("model.layers.4." + Q).data());
            assertThat(out).containsKey("model.layers.6.eh_proj.weight");
            assertThat(run().config().path("num_hidden_layers").intValue()).isEqualTo(6);
            assertThat(run().config().path("num_nextn_predict_layers").intValue()).isEqualTo(1);
        }

        @Test
        void aListOfModulesThatLeavesItOutSaysSoInTheConfiguration() {
            Map<String, Values> out =
                    run().merge(
                                    """
                                    merge_method: passthrough
                                    modules:
                                      default:
                                        slices: [{sources: [{model: ./a}]}]
                                    """);

            assertThat(out).hasSize(39).doesNotContainKey("model.layers.4." + Q);
            assertThat(run().config().path("num_nextn_predict_layers").intValue()).isZero();
        }
    }

    /// As Qwen3-Next has it: a stack of its own.
    @Nested
    class UnderAPrefixOfItsOwn {
        @BeforeEach
        void writeModels() {
            write("base", 0, "mtp.layers.0.", "mtp.fc.weight", "mtp.norm.weight");
            write("a", 1, "mtp.layers.0.", "mtp.fc.weight", "mtp.norm.weight");
            write("b", 2, null);
        }

        @Test
        void completeModelsMergeWithoutAWarning() {
            Cli.Result result = run().run(linear("./base", "./a"), "--strict");

            assertThat(result.code()).as(result.err()).isZero();
            assertThat(result.err()).doesNotContain("warning");
        }

        @Test
        void aFineTuneWithoutItMerges() {
            Map<String, Values> out = run().merge(linear("./base", "./b"));

            assertThat(out.get("mtp.fc.weight").data())
                    .isEqualTo(read("base").get("mtp.fc.weight").data());
            float[] base = read("base").get("model.layers.0." + Q).data();
            float[] b = read("b").get("model.layers.0." + Q).data();
            assertThat(out.get("model.layers.0." + Q).data()[5]).isEqualTo((base[5] + b[5]) / 2);
        }

        @Test
        void threeModelsMergeItFromTheTwoThatHaveIt() {
            Map<String, Values> out = run().merge(linear("./base", "./a", "./b"));

            float[] base = read("base").get("mtp.fc.weight").data();
            float[] a = read("a").get("mtp.fc.weight").data();
            assertThat(out.get("mtp.fc.weight").data()[3]).isEqualTo((base[3] + a[3]) / 2);
        }

        @Test
        void slicesCountTheLayersOfTheText() {
            Map<String, Values> out =
                    run().merge(
                                    """
                                    merge_method: slerp
                                    base_model: ./base
                                    slices:
                                    - sources:
                                      - {model: ./base, layer_range: [0, 4]}
                                      - {model: ./a, layer_range: [0, 4]}
                                    parameters: {t: 1}
                                    """);

            assertThat(out.keySet()).isEqualTo(read("base").keySet());
            assertThat(out.get("mtp.layers.0." + Q).data())
                    .isEqualTo(read("base").get("mtp.layers.0." + Q).data());
        }
    }

    private void write(String name, int m, String nextToken, String... more) {
        TinyModel model = TinyModel.llama(4, 24, false, 0);
        model.config("num_nextn_predict_layers", 1);
        if (nextToken != null) {
            Stream<String> names =
                    read(model).keySet().stream().filter(n -> n.startsWith("model.layers.3."));
            for (String layer : new ArrayList<>(names.toList())) {
                String rest = layer.substring("model.layers.3.".length());
                Values values = read(model).get(layer);
                model.with(nextToken + rest, values.shape(), values.data().clone());
            }
        }
        for (String extra : more) {
            model.with(extra, List.of(4), new float[] {1, 2, 3, 4});
        }
        (m == 0 ? model : model.tuned(m)).write(folder.resolve(name), "F32");
    }

    private Map<String, Values> read(TinyModel model) {
        model.write(folder.resolve("scratch"), "F32");
        return read("scratch");
    }

    private Map<String, Values> read(String name) {
        return TinyModel.read(folder.resolve(name));
    }

    // What share of the difference between base and a is in the output.
    private void assertShare(float share, String name) {
        float base = read("base").get(name).data()[2];
        float a = read("a").get(name).data()[2];
        float out = read("out").get(name).data()[2];
        assertThat(out).as(name).isCloseTo(base + share * (a - base), within(1e-6f));
    }

    private static org.assertj.core.data.Offset<Float> within(float offset) {
        return org.assertj.core.data.Offset.offset(offset);
    }

    private RecipeRun run() {
        return new RecipeRun(folder);
    }

    private static String linear(String... models) {
        StringBuilder recipe = new StringBuilder("merge_method: linear\nmodels:\n");
        for (String model : models) {
            recipe.append("- {model: ").append(model).append(", parameters: {weight: 1}}\n");
        }
        return recipe.toString();
    }
}
