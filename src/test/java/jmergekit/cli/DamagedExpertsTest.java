package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Experts that are in no layout, or in two, are no experts: their tensors are as any others.
class DamagedExpertsTest {
    private static final String EXPERTS = "model.layers.0.mlp.experts.";
    private static final String COPY = "{merge_method: passthrough, models: [{model: ./a}]}";
    private static final String MEAN =
            """
            merge_method: linear
            models: [{model: ./a}, {model: ./b}]
            parameters: {weight: 1}
            """;

    @TempDir private Path folder;

    private static float[] numbers(int n) {
        float[] numbers = new float[n];
        for (int i = 0; i < n; i++) {
            numbers[i] = i - n / 2;
        }
        return numbers;
    }

    private static TinyModel model() {
        return TinyModel.llama(1, 8, true, 0)
                .config("model_type", "qwen3_moe")
                .config("architectures", List.of("ExpertsForCausalLM"))
                .without("model.layers.0.mlp.gate_proj.weight")
                .without("model.layers.0.mlp.up_proj.weight")
                .without("model.layers.0.mlp.down_proj.weight");
    }

    private static TinyModel addSplit(TinyModel model, String gate, String up, String down) {
        for (int expert = 0; expert < 2; expert++) {
            String name = EXPERTS + expert + ".";
            model.with(name + gate + ".weight", List.of(2, 3), numbers(6));
            model.with(name + up + ".weight", List.of(2, 3), numbers(6));
            model.with(name + down + ".weight", List.of(3, 2), numbers(6));
        }
        return model;
    }

    private static TinyModel split() {
        return addSplit(model(), "gate_proj", "up_proj", "down_proj");
    }

    private static TinyModel addFused(TinyModel model) {
        return model.with(EXPERTS + "gate_up_proj", List.of(2, 4, 3), numbers(24))
                .with(EXPERTS + "down_proj", List.of(2, 3, 2), numbers(12));
    }

    private static TinyModel withBiases(TinyModel split, int out, int downOut) {
        for (int expert = 0; expert < 2; expert++) {
            String name = EXPERTS + expert + ".";
            split.with(name + "gate_proj.bias", List.of(out), numbers(out));
            split.with(name + "up_proj.bias", List.of(out), numbers(out));
            split.with(name + "down_proj.bias", List.of(downOut), numbers(downOut));
        }
        return split;
    }

    private Cli.Result run(String recipe, String... options) {
        return new RecipeRun(folder).run(recipe, options);
    }

    static Stream<Arguments> twoLayouts() {
        return Stream.of(
                Arguments.of("fused beside split", addFused(split())),
                Arguments.of("numbered beside named", addSplit(split(), "w1", "w3", "w2")),
                Arguments.of(
                        "a fused bias beside split",
                        split().with(EXPERTS + "down_proj_bias", List.of(2, 3), numbers(6))),
                Arguments.of(
                        "a split matrix beside fused",
                        addFused(model())
                                .with(EXPERTS + "0.w1.weight", List.of(2, 3), numbers(6))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("twoLayouts")
    void noTensorOfTwoLayoutsIsLost(String what, TinyModel model) {
        model.write(folder.resolve("a"), "F32");
        Map<String, Values> before = TinyModel.read(folder.resolve("a"));

        for (String layout : List.of("split", "fused")) {
            Cli.Result result = run(COPY, "--expert-layout", layout, "--overwrite");

            assertThat(result.code()).as(what + result.err()).isZero();
            Map<String, Values> after = TinyModel.read(folder.resolve("out"));
            assertThat(after.keySet()).as(what).isEqualTo(before.keySet());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("twoLayouts")
    void twoLayoutsAreNotMergedWithOne(String what, TinyModel model) {
        model.write(folder.resolve("a"), "F32");
        split().write(folder.resolve("b"), "F32");

        Cli.Result result = run(MEAN);

        assertThat(result.code()).as(what).isEqualTo(3);
        assertThat(result.err()).contains(EXPERTS).doesNotContain("defect");
    }

    static Stream<Arguments> biases() {
        return Stream.of(Arguments.of(3, 3), Arguments.of(2, 2), Arguments.of(0, 3));
    }

    @ParameterizedTest
    @MethodSource("biases")
    void biasesOfOtherSizesThanTheirMatricesAreRefused(int out, int downOut) {
        withBiases(split(), out, downOut).write(folder.resolve("a"), "F32");
        addFused(model())
                .with(EXPERTS + "gate_up_proj_bias", List.of(2, 4), numbers(8))
                .with(EXPERTS + "down_proj_bias", List.of(2, 3), numbers(6))
                .write(folder.resolve("b"), "F32");

        Cli.Result result = run(MEAN);

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains(EXPERTS).doesNotContain("defect");
    }

    @Test
    void fittingBiasesAreTakenAlong() {
        withBiases(split(), 2, 3).write(folder.resolve("a"), "F32");

        Cli.Result result = run(COPY, "--expert-layout", "fused");

        assertThat(result.code()).as(result.err()).isZero();
        Map<String, Values> out = TinyModel.read(folder.resolve("out"));
        assertThat(out.get(EXPERTS + "gate_up_proj_bias").data())
                .containsExactly(-1, 0, -1, 0, -1, 0, -1, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"F32", "F16"})
    void matricesOfDifferentDtypesBecomeOneThatHoldsThem(String dtype) {
        split().with(EXPERTS + "0.up_proj.weight", List.of(2, 3), numbers(6), dtype)
                .write(folder.resolve("a"), "BF16");

        Cli.Result result = run(COPY, "--expert-layout", "fused");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(new RecipeRun(folder).dtypes()).containsEntry(EXPERTS + "gate_up_proj", "F32");
        float[] values = TinyModel.read(folder.resolve("out")).get(EXPERTS + "gate_up_proj").data();
        for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).isEqualTo(i % 6 - 3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "999999", "1000000", "00"})
    void anExpertThatIsAloneInItsNumbersIsRefused(String number) {
        split().with(EXPERTS + number + ".up_proj.weight", List.of(2, 3), numbers(6))
                .write(folder.resolve("a"), "F32");
        addFused(model()).write(folder.resolve("b"), "F32");

        Cli.Result result = run(MEAN);

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains(EXPERTS).doesNotContain("defect");
    }
}
