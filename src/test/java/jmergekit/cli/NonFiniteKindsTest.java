package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyAdapter;
import jmergekit.fixture.TinyModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// NaN and infinity in what is not a plain merge of plain tensors.
class NonFiniteKindsTest {
    private static final String Q = "model.layers.0.self_attn.q_proj";
    private static final String NORM = "model.norm.weight";

    @TempDir private Path folder;
    private TinyModel base;

    @BeforeEach
    void writeModel() {
        base = TinyModel.llama(1, 24, false, 0).write(folder.resolve("base"), "F32");
    }

    private TinyAdapter adapter(float value) {
        TinyAdapter adapter = new TinyAdapter(2, 2).factors(Q, 2, 32, 32);
        adapter.data(Q + ".lora_B.weight")[0] = value;
        return adapter;
    }

    @Test
    void adaptersThatAreAppliedCountWithTheirModel() {
        adapter(Float.NaN).write(folder.resolve("a"), "F32");

        Cli.Result result =
                new RecipeRun(folder)
                        .run(
                                "merge_method: linear\nmodels: [{model: ./base+./a}, {model: ./base}]\n"
                                        + "parameters: {weight: 1}\n",
                                "--strict",
                                "-q");

        assertThat(result.code()).isZero();
        assertThat(result.err())
                .isEqualToIgnoringNewLines(
                        "warning: ./base+./a: holds NaN or infinity: '%s.weight' (32 of its values)"
                                .formatted(Q));
    }

    @Test
    void adaptersThatAreMergedAreLookedAt() throws IOException {
        adapter(Float.POSITIVE_INFINITY).write(folder.resolve("a"), "F32");
        adapter(1).write(folder.resolve("b"), "F32");

        Cli.Result result =
                new RecipeRun(folder)
                        .run(
                                "merge_method: linear\nmodels: [{model: ./a}, {model: ./b}]\n"
                                        + "parameters: {weight: 1}\n",
                                "-q");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err())
                .startsWith(
                        "warning: ./a: holds NaN or infinity: 'base_model.model.%s.lora_B.weight' (1 of its values)"
                                .formatted(Q));
        assertThat(Files.readString(folder.resolve("out/README.md"))).contains("### Numbers");
    }

    @Test
    void scalesOfBlocksCountWithWhatTheyMultiply() {
        float[] ones = new float[32 * 32];
        Arrays.fill(ones, 1);
        TinyModel.llama(1, 24, false, 0)
                .with(Q + ".weight", List.of(32, 32), ones, "F8_E4M3")
                .with(
                        Q + ".weight_scale",
                        List.of(32, 1),
                        firstIs(Float.POSITIVE_INFINITY, 32),
                        "F32")
                .config("quantization_config", java.util.Map.of("quant_method", "fp8"))
                .write(folder.resolve("a"), "F32");

        Cli.Result result =
                new RecipeRun(folder)
                        .run(
                                "merge_method: linear\nmodels: [{model: ./a}, {model: ./base}]\n"
                                        + "parameters: {weight: 1}\ndtype: float32\n",
                                "-q");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err())
                .contains(
                        "./a: holds NaN or infinity: '%s.weight' (32 of its values)".formatted(Q));
    }

    private static float[] firstIs(float value, int n) {
        float[] values = new float[n];
        Arrays.fill(values, 1);
        values[0] = value;
        return values;
    }

    @Test
    void expertsAreLookedAt() throws IOException {
        base.data(NORM)[3] = Float.NaN;
        base.write(folder.resolve("base"), "F32");
        TinyModel.llama(1, 24, false, 0).tuned(1).write(folder.resolve("e1"), "F32");
        TinyModel.llama(1, 24, false, 0).tuned(2).write(folder.resolve("e2"), "F32");
        Files.writeString(
                folder.resolve("recipe.yml"),
                """
                base_model: ./base
                gate_mode: random
                experts: [{source_model: ./e1}, {source_model: ./e2}]
                """);

        Cli.Result result = Cli.run(folder, "moe", "recipe.yml", "out", "-q");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err())
                .contains("./base: holds NaN or infinity: 'model.norm.weight' (1 of its values)")
                .doesNotContain("spread");
    }

    @Test
    void tensorsThatAnAdapterKeepsWholeAreLookedAt() {
        TinyModel tuned = TinyModel.llama(1, 24, false, 0).tuned(1);
        tuned.data(NORM)[3] = Float.NaN;
        tuned.write(folder.resolve("tuned"), "F32");

        Cli.Result result =
                Cli.run(
                        folder,
                        "extract-lora",
                        "--model",
                        "./tuned",
                        "--base-model",
                        "./base",
                        "--out-path",
                        "out",
                        "--max-rank",
                        "2",
                        "--save-module",
                        "norm",
                        "-q");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err())
                .contains("./tuned: holds NaN or infinity: 'model.norm.weight' (1 of its values)");
    }
}
