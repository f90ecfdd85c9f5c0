package jmergekit.lora;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Adapters of models whose experts are a tensor each or all of a layer in one.
class ExpertExtractionTest {
    private static final int EXPERTS = 3;
    private static final int HIDDEN = 6;
    private static final int INNER = 4;
    private static final String EXPERTS_OF_LAYER = "model.layers.0.mlp.experts.";

    @TempDir private Path folder;
    private float[][] gateUp;
    private float[][] down;

    @BeforeEach
    void makeExperts() {
        gateUp = new float[EXPERTS][2 * INNER * HIDDEN];
        down = new float[EXPERTS][HIDDEN * INNER];
        for (int e = 0; e < EXPERTS; e++) {
            for (int i = 0; i < gateUp[e].length; i++) {
                gateUp[e][i] = (i * 7 + e * 3) % 11 / 8f;
            }
            for (int i = 0; i < down[e].length; i++) {
                down[e][i] = (i * 5 + e) % 13 / 8f;
            }
        }
    }

    /// A change of rank 1 in gates and ups of an expert, row `o` by `o + expert + 1`.
    private void change() {
        for (int e = 0; e < EXPERTS; e++) {
            for (int o = 0; o < 2 * INNER; o++) {
                for (int h = 0; h < HIDDEN; h++) {
                    gateUp[e][o * HIDDEN + h] += changeOf(e, o, h);
                }
            }
        }
    }

    private static float changeOf(int expert, int out, int in) {
        return (out + expert + 1) * (in - 2) / 64f;
    }

    private void write(String name, boolean split, boolean transposed, String type, String kind) {
        TinyModel model =
                TinyModel.llama(1, 8, true, 0)
                        .config("model_type", type)
                        .config("architectures", List.of(kind));
        List.of("gate", "up", "down")
                .forEach(p -> model.without("model.layers.0.mlp." + p + "_proj.weight"));
        if (split) {
            for (int e = 0; e < EXPERTS; e++) {
                String expert = EXPERTS_OF_LAYER + e;
                float[] gate = new float[INNER * HIDDEN];
                float[] up = new float[INNER * HIDDEN];
                System.arraycopy(gateUp[e], 0, gate, 0, gate.length);
                System.arraycopy(gateUp[e], gate.length, up, 0, up.length);
                model.with(expert + ".gate_proj.weight", List.of(INNER, HIDDEN), gate);
                model.with(expert + ".up_proj.weight", List.of(INNER, HIDDEN), up);
                model.with(expert + ".down_proj.weight", List.of(HIDDEN, INNER), down[e]);
            }
        } else {
            fused(model, "gate_up_proj", gateUp, 2 * INNER, HIDDEN, transposed);
            fused(model, "down_proj", down, HIDDEN, INNER, transposed);
        }
        model.write(folder.resolve(name), "F32");
    }

    private static void fused(
            TinyModel model, String name, float[][] experts, int out, int in, boolean transposed) {
        float[] all = new float[EXPERTS * out * in];
        for (int e = 0; e < EXPERTS; e++) {
            for (int o = 0; o < out; o++) {
                for (int i = 0; i < in; i++) {
                    int at = transposed ? i * out + o : o * in + i;
                    all[e * out * in + at] = experts[e][o * in + i];
                }
            }
        }
        List<Integer> shape = transposed ? List.of(EXPERTS, in, out) : List.of(EXPERTS, out, in);
        model.with(EXPERTS_OF_LAYER + name, shape, all);
    }

    private ExtractedAdapter extract() {
        Cli.Result result =
                Cli.run(folder, "extract-lora", "tuned", "base", "out", "--rank", "4", "-q");
        assertThat(result.code()).as(result.err()).isZero();
        return ExtractedAdapter.read(folder.resolve("out"));
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void factorsOfExpertsOneByOneDoNotDependOnTheLayouts(boolean splitBase, boolean splitTuned) {
        write("base", splitBase, false, "qwen3_moe", "Qwen3MoeForCausalLM");
        change();
        write("tuned", splitTuned, false, "qwen3_moe", "Qwen3MoeForCausalLM");

        ExtractedAdapter adapter = extract();

        for (int e = 0; e < EXPERTS; e++) {
            double[] up = adapter.product(EXPERTS_OF_LAYER + e + ".up_proj");
            for (int o = 0; o < INNER; o++) {
                for (int h = 0; h < HIDDEN; h++) {
                    assertThat(Math.abs(up[o * HIDDEN + h] - changeOf(e, INNER + o, h)))
                            .isLessThan(1e-6);
                }
            }
        }
        assertThat(adapter.list("target_modules")).contains("up_proj", "gate_proj");
        assertThat(adapter.config().has("target_parameters")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, false", "false, true", "true, true"})
    void factorsOfParametersHaveTheExpertsOnTopOfEachOtherAndInTurns(
            boolean splitBase, boolean transposed) {
        write("base", splitBase, transposed, "qwen2_moe", "Qwen2MoeForCausalLM");
        change();
        write("tuned", false, transposed, "qwen2_moe", "Qwen2MoeForCausalLM");

        ExtractedAdapter adapter = extract();

        // Only gates and ups changed, so that the module has factors of one parameter.
        String module = EXPERTS_OF_LAYER.substring(0, EXPERTS_OF_LAYER.length() - 1);
        TinyModel.Values a = adapter.tensor(module + ".lora_A.weight");
        TinyModel.Values b = adapter.tensor(module + ".lora_B.weight");
        assertThat(a.shape()).containsExactly(EXPERTS, HIDDEN);
        assertThat(b.shape()).containsExactly(2 * INNER, EXPERTS);
        List<Float> errors = new ArrayList<>();
        for (int e = 0; e < EXPERTS; e++) {
            for (int o = 0; o < 2 * INNER; o++) {
                for (int h = 0; h < HIDDEN; h++) {
                    float product = b.data()[o * EXPERTS + e] * a.data()[e * HIDDEN + h];
                    errors.add(Math.abs(product - changeOf(e, o, h)));
                }
            }
        }
        assertThat(errors).allSatisfy(error -> assertThat(error).isLessThan(1e-6f));
        assertThat(adapter.list("target_parameters")).containsExactly("experts.gate_up_proj");
        assertThat(adapter.list("target_modules")).isEmpty();
    }

    @Test
    void factorsOfTheInnerOfTwoParametersAreNamedSo() {
        write("base", true, false, "qwen2_moe", "Qwen2MoeForCausalLM");
        change();
        down[1][0] += 1;
        write("tuned", true, false, "qwen2_moe", "Qwen2MoeForCausalLM");

        ExtractedAdapter adapter = extract();

        String module = EXPERTS_OF_LAYER.substring(0, EXPERTS_OF_LAYER.length() - 1);
        assertThat(adapter.shape(module + ".base_layer.lora_A.weight"))
                .containsExactly(EXPERTS, HIDDEN);
        assertThat(adapter.shape(module + ".lora_A.weight")).containsExactly(EXPERTS, INNER);
        assertThat(adapter.list("target_parameters"))
                .containsExactly("experts.down_proj", "experts.gate_up_proj");
        assertThat(adapter.config().path("bias").asString()).isEqualTo("none");
    }
}
