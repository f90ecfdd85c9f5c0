package jmergekit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A checker is worth what it refuses: for each kind of comparison something that passes and
/// something that fails.
class CheckerTest {
    private static final List<Integer> FOUR = List.of(4);

    @TempDir private Path folder;

    private static SortedMap<String, StoredTensor> tensors(Object... namesAndTensors) {
        SortedMap<String, StoredTensor> tensors = new TreeMap<>();
        for (int i = 0; i < namesAndTensors.length; i += 2) {
            tensors.put((String) namesAndTensors[i], (StoredTensor) namesAndTensors[i + 1]);
        }
        return tensors;
    }

    private static StoredTensor f32(double... values) {
        return StoredTensor.of("F32", List.of(values.length), values);
    }

    private static StoredTensor bf16(double... values) {
        return StoredTensor.of("BF16", List.of(values.length), values);
    }

    private Path write(String file, SortedMap<String, StoredTensor> tensors) throws IOException {
        Checkpoint.write(folder.resolve(file), tensors);
        return folder.resolve(file);
    }

    private void text(String file, String text) throws IOException {
        Files.createDirectories(folder.resolve(file).getParent());
        Files.writeString(folder.resolve(file), text);
    }

    private List<String> compared(String compare) {
        ConformanceCase theCase =
                new ConformanceCase(
                        "family", "name", folder, Json.parse("{\"compare\": " + compare + "}"));
        return new OutputCheck(
                        theCase, folder.resolve("out"), folder.resolve("again"), Allowance.NONE)
                .differences();
    }

    private List<String> comparedTensors(String policy, StoredTensor expected, StoredTensor actual)
            throws IOException {
        write("expected/model.safetensors", tensors("w", expected));
        write("out/model.safetensors", tensors("w", actual));
        return compared("{\"tensors\": " + policy + "}");
    }

    @Test
    void exactMeansEveryBit() throws IOException {
        String policy = "{\"mode\": \"exact\"}";

        assertThat(comparedTensors(policy, f32(1, Double.NaN), f32(1, Double.NaN))).isEmpty();
        assertThat(comparedTensors(policy, f32(1, 0), f32(1, -0.0)))
                .containsExactly(
                        "w: 1 of 2 elements differ (allowed 0), first at 1: -0.0, expected 0.0");
        assertThat(comparedTensors(policy, f32(1), f32(Math.nextUp(1f)))).isNotEmpty();
    }

    @Test
    void allcloseScalesWithTheExpectedValue() throws IOException {
        String policy = "{\"mode\": \"allclose\", \"rtol\": 0.01, \"atol\": 0.5}";

        assertThat(comparedTensors(policy, f32(100, 0), f32(101.4, 0.4))).isEmpty();
        assertThat(comparedTensors(policy, f32(100, 0), f32(101.6, 0))).isNotEmpty();
        assertThat(comparedTensors(policy, f32(100, 0), f32(100, 0.6))).isNotEmpty();
        assertThat(comparedTensors(policy, f32(1, 0), f32(1, Double.NaN))).isNotEmpty();
    }

    @Test
    void ulpWithoutAnOracleCountsFromTheExpectedValue() throws IOException {
        String policy = "{\"mode\": \"ulp\", \"dtype\": \"bfloat16\", \"ulps\": 1}";
        double ulp = 1.0 / 128;

        assertThat(comparedTensors(policy, bf16(1), bf16(1 + ulp))).isEmpty();
        assertThat(comparedTensors(policy, bf16(1), bf16(1 + 2 * ulp))).isNotEmpty();
        assertThat(comparedTensors(policy, bf16(0), bf16(1e-30))).isNotEmpty();
    }

    @Test
    void ulpWithAnOracleAlsoAllowsWhatIsAsCloseToItAsExpectedPlusOneUnit() throws IOException {
        String policy = "{\"mode\": \"ulp\", \"dtype\": \"bfloat16\", \"ulps\": 1}";
        double ulp = 1.0 / 128;
        write("expected/oracle.safetensors", tensors("w", f32(1 + 4 * ulp)));

        assertThat(comparedTensors(policy, bf16(1), bf16(1 + 4 * ulp))).isEmpty();
        assertThat(comparedTensors(policy, bf16(1), bf16(1 + 9 * ulp))).isEmpty();
        assertThat(comparedTensors(policy, bf16(1), bf16(1 + 10 * ulp))).isNotEmpty();
        assertThat(comparedTensors(policy, bf16(1), bf16(1 - 4 * ulp))).isNotEmpty();
    }

    @Test
    void residuesOfFloat32ArithmeticAreNotCountedInUnits() throws IOException {
        String policy = "{\"mode\": \"ulp\", \"dtype\": \"bfloat16\", \"ulps\": 1}";

        assertThat(comparedTensors(policy, bf16(1, 0), bf16(1, 5e-8))).isEmpty();
        assertThat(comparedTensors(policy, bf16(1, 0), bf16(1, 7e-8))).isNotEmpty();
    }

    @Test
    void unitsOfFloat16AreSmallerAndStopAtItsSubnormals() throws IOException {
        String policy = "{\"mode\": \"ulp\", \"dtype\": \"float16\", \"ulps\": 1}";
        double ulp = 1.0 / 1024;
        double smallest = Math.scalb(1.0, -24);
        StoredTensor one = StoredTensor.of("F16", List.of(2), 1, 0);

        assertThat(
                        comparedTensors(
                                policy, one, StoredTensor.of("F16", List.of(2), 1 + ulp, smallest)))
                .isEmpty();
        assertThat(comparedTensors(policy, one, StoredTensor.of("F16", List.of(2), 1 + 2 * ulp, 0)))
                .isNotEmpty();
        assertThat(
                        comparedTensors(
                                policy, one, StoredTensor.of("F16", List.of(2), 1, 2 * smallest)))
                .isNotEmpty();
    }

    @Test
    void allcloseToTheOracleIgnoresTheExpectedValue() throws IOException {
        String policy = "{\"mode\": \"allclose_oracle\", \"rtol\": 0, \"atol\": 0.1}";

        assertThat(comparedTensors(policy, f32(1), f32(1)))
                .containsExactly("w: there is no oracle to compare with");

        write("expected/oracle.safetensors", tensors("w", f32(2)));
        assertThat(comparedTensors(policy, f32(1), f32(2.05))).isEmpty();
        assertThat(comparedTensors(policy, f32(1), f32(1))).isNotEmpty();
    }

    @Test
    void aShareOfElementsMayDifferAndAlwaysOneWhereThereIsAShare() throws IOException {
        String some = "{\"mode\": \"exact\", \"max_mismatch_fraction\": 0.01}";
        String half = "{\"mode\": \"exact\", \"max_mismatch_fraction\": 0.5}";

        assertThat(comparedTensors(some, f32(1, 2, 3, 4), f32(9, 2, 3, 4))).isEmpty();
        assertThat(comparedTensors(some, f32(1, 2, 3, 4), f32(9, 9, 3, 4))).isNotEmpty();
        assertThat(comparedTensors(half, f32(1, 2, 3, 4), f32(9, 9, 3, 4))).isEmpty();
        assertThat(comparedTensors(half, f32(1, 2, 3, 4), f32(9, 9, 9, 4))).isNotEmpty();
    }

    @Test
    void namesShapesAndDtypesMustAgree() throws IOException {
        String policy = "{\"mode\": \"allclose\", \"rtol\": 0, \"atol\": 0}";

        assertThat(comparedTensors(policy, bf16(1), f32(1)))
                .containsExactly("w: dtype F32, expected BF16");
        assertThat(comparedTensors("{\"mode\": \"exact\", \"dtypes\": false}", bf16(1), f32(1)))
                .isEmpty();
        assertThat(
                        comparedTensors(
                                policy,
                                StoredTensor.of("F32", FOUR, 1, 2, 3, 4),
                                StoredTensor.of("F32", List.of(2, 2), 1, 2, 3, 4)))
                .containsExactly("w: shape [2, 2], expected [4]");

        write("expected/model.safetensors", tensors("a", f32(1), "b", f32(1)));
        write("out/model.safetensors", tensors("b", f32(1), "c", f32(1)));
        assertThat(compared("{\"tensors\": " + policy + "}"))
                .containsExactly("a: missing", "c: not expected");
    }

    @Test
    void overridesAndIgnoredTensorsGoByName() throws IOException {
        write(
                "expected/model.safetensors",
                tensors("gate.weight", f32(1), "noise", f32(1), "w", f32(1)));
        write(
                "out/model.safetensors",
                tensors("gate.weight", f32(1.5), "noise", f32(7), "w", f32(1)));
        String loose =
                "\"overrides\": {\"gate\\\\.weight$\": {\"mode\": \"allclose\", \"atol\": %s}}";
        String policy = "{\"tensors\": {\"mode\": \"exact\", \"ignore_tensors\": [\"noise\"], %s}}";

        assertThat(compared(policy.formatted(loose.formatted("0.6")))).isEmpty();
        assertThat(compared(policy.formatted(loose.formatted("0.4")))).hasSize(1);
        assertThat(compared("{\"tensors\": {\"mode\": \"exact\"}}")).hasSize(2);
    }

    @Test
    void aTensorMayMatchTheAlternativeInstead() throws IOException {
        write("expected/alternative.safetensors", tensors("w", f32(3)));
        String policy = "{\"mode\": \"exact\"}";

        assertThat(comparedTensors(policy, f32(1), f32(1))).isEmpty();
        assertThat(comparedTensors(policy, f32(1), f32(3))).isEmpty();
        assertThat(comparedTensors(policy, f32(1), f32(2))).isNotEmpty();
    }

    @Test
    void unknownPoliciesAreNotPassedOver() throws IOException {
        assertThat(comparedTensors("{\"mode\": \"roughly\"}", f32(1), f32(1))).hasSize(1);
        assertThat(comparedTensors("{\"mode\": \"exact\", \"slack\": 1}", f32(1), f32(1)))
                .hasSize(1);
        assertThat(compared("{\"smell\": true}")).hasSize(1);
    }

    @Test
    void expertsOneByOneEqualFusedOnes() throws IOException {
        write(
                "expected/model.safetensors",
                tensors(
                        "x.mlp.experts.gate_up_proj",
                        StoredTensor.of("F32", List.of(2, 2, 1), 1, 2, 4, 5),
                        "x.mlp.experts.down_proj",
                        StoredTensor.of("F32", List.of(2, 1, 1), 3, 6),
                        "x.mlp.gate.weight",
                        StoredTensor.of("F32", List.of(2, 1), 7, 8)));
        SortedMap<String, StoredTensor> single =
                tensors(
                        "x.block_sparse_moe.gate.weight",
                        StoredTensor.of("F32", List.of(2, 1), 7, 8));
        int value = 1;
        for (String expert : List.of("0", "1")) {
            for (String part : List.of("w1", "w3", "w2")) {
                single.put(
                        "x.block_sparse_moe.experts.%s.%s.weight".formatted(expert, part),
                        StoredTensor.of("F32", List.of(1, 1), value++));
            }
        }
        String policy = "{\"tensors\": {\"mode\": \"exact\", \"moe_layout\": true}}";

        write("out/model.safetensors", single);
        assertThat(compared(policy)).isEmpty();
        assertThat(compared("{\"tensors\": {\"mode\": \"exact\"}}")).isNotEmpty();

        single.put(
                "x.block_sparse_moe.experts.1.w3.weight", StoredTensor.of("F32", List.of(1, 1), 9));
        write("out/model.safetensors", single);
        assertThat(compared(policy)).hasSize(1);

        single.remove("x.block_sparse_moe.experts.1.w3.weight");
        write("out/model.safetensors", single);
        assertThat(compared(policy)).isNotEmpty();
    }

    @Test
    void configKeysKnowBothNamesOfTheDtype() throws IOException {
        text("expected/config.json", "{\"torch_dtype\": \"torch.float16\", \"n\": 2}");
        String policy = "{\"config_keys\": [\"torch_dtype\", \"n\", \"free\"]}";

        text("out/config.json", "{\"dtype\": \"float16\", \"n\": 2.0, \"free\": 1}");
        assertThat(compared(policy)).isEmpty();

        text("out/config.json", "{\"dtype\": \"bfloat16\", \"n\": 3}");
        assertThat(compared(policy)).hasSize(2);
    }

    @Test
    void filesMustBePresentAbsentOrEqual() throws IOException {
        text("expected/a", "one");
        text("out/a", "one");
        assertThat(
                        compared(
                                "{\"files_equal\": [\"a\"], \"files_present\": [\"a\"],"
                                        + " \"files_absent\": [\"b\"]}"))
                .isEmpty();

        text("out/a", "two");
        text("out/b", "");
        assertThat(compared("{\"files_equal\": [\"a\"]}")).containsExactly("a: differs at byte 0");
        assertThat(compared("{\"files_present\": [\"c\"]}")).containsExactly("c: missing");
        assertThat(compared("{\"files_absent\": [\"b\"]}"))
                .containsExactly("b: should not be there");

        text("expected/c.json", "{\"x\": [1, 2]}");
        text("out/c.json", "{ \"x\": [1.0, 2] }");
        assertThat(compared("{\"json_equal\": [\"c.json\"]}")).isEmpty();
        text("out/c.json", "{\"x\": [2, 1]}");
        assertThat(compared("{\"json_equal\": [\"c.json\"]}")).hasSize(1);
    }
}
