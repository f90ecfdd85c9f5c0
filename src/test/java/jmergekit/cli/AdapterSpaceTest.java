package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyAdapter;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Merges of adapters with each other in a small space, end to end.
final class AdapterSpaceTest {
    private static final String Q = "model.layers.1.self_attn.q_proj";
    private static final String DOWN = "model.layers.0.mlp.down_proj";
    private static final String UP = "model.layers.3.mlp.up_proj";

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({"core, linear", "knots, linear", "core, task_arithmetic", "knots, task_arithmetic"})
    void aSumIsTheSameInAnySpace(String space, String method) {
        write();

        Map<String, Values> plain = run().merge(recipe(method, 0.5, 0.5, ""));
        Map<String, Values> merged =
                run().into("small").merge(recipe(method, 0.5, 0.5, "space: " + space));

        assertThat(merged.keySet()).isEqualTo(plain.keySet());
        for (String module : List.of(Q, DOWN, UP)) {
            assertClose(product(merged, module), product(plain, module), 1e-5);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"core", "knots"})
    void oneAdapterIsKeptByAnyMethodThatKeepsOneModel(String space) {
        TinyAdapter only = first(1).write(folder.resolve("a"), "F32");

        Map<String, Values> merged =
                run().merge(
                                """
                                merge_method: ties
                                models: [{model: ./a, parameters: {weight: 1, density: 1}}]
                                space: %s
                                """
                                        .formatted(space));

        double[] expected = Arrays.stream(only.product(Q)).map(x -> 2 * x).toArray();
        assertClose(product(merged, Q), expected, 1e-5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ties", "dare_ties", "della", "breadcrumbs_ties", "sce", "ram"})
    void methodsOfTaskVectorsMergeInCoreSpaceByDefault(String method) {
        write();

        Map<String, Values> merged = run().merge(recipe(method, 1, 1, ""));
        Cli.Result plan = run().into("x").run(recipe(method, 1, 1, ""), "--dry-run");
        JsonNode settings = run().config("adapter_config.json");

        assertThat(plan.out()).contains("space     core\nrank      6\n");
        assertThat(merged.get(name(Q, "A")).shape()).containsExactly(6, 32);
        assertThat(norm(product(merged, Q))).isPositive();
        assertThat(settings.path("lora_alpha").intValue()).isEqualTo(6);
        assertThat(settings.path("rank_pattern").toString())
                .isEqualTo("{\"%s\":4,\"%s\":2}".formatted(DOWN, UP));
    }

    @Test
    void theOrderOfAdaptersDoesNotMatterForASymmetricMethod() {
        write();
        String recipe = recipe("ties", 1, 1, "parameters: {density: 0.5}");

        double[] merged = product(run().merge(recipe), Q);
        String swapped = recipe.replace("./a", "./c").replace("./b", "./a").replace("./c", "./b");
        double[] other = product(run().into("swapped").merge(swapped), Q);

        assertClose(other, merged, 1e-5);
    }

    @ParameterizedTest
    @CsvSource({"linear", "ties"})
    void aStatedRankIsReportedWithItsError(String method) throws IOException {
        write();

        Map<String, Values> full = run().merge(recipe(method, 0.5, 0.5, "space: core"));
        RecipeRun cut = run().into("cut");
        Cli.Result result = cut.run(recipe(method, 0.5, 0.5, "rank: 3"));
        Map<String, Values> merged = TinyModel.read(cut.out());

        double norm = 0;
        double error = 0;
        for (String module : List.of(Q, DOWN, UP)) {
            double[] whole = product(full, module);
            norm += Math.pow(norm(whole), 2);
            error += Math.pow(norm(minus(product(merged, module), whole)), 2);
        }
        assertThat(result.err())
                .contains(
                        "3 modules truncated with a relative error of %.3g (largest:"
                                .formatted(Math.sqrt(error / norm)));
        assertThat(merged.get(name(Q, "B")).shape()).containsExactly(32, 3);
        assertThat(merged.get(name(UP, "B")).shape()).containsExactly(64, 2);
        assertThat(cut.config("adapter_config.json").path("r").intValue()).isEqualTo(3);
        assertThat(Files.readString(cut.out().resolve("README.md")))
                .contains("### Rank", "| " + UP + " | 2 | 0.00 |");
    }

    @ParameterizedTest
    @ValueSource(strings = {"core", "knots"})
    void theBytesDoNotDependOnThreads(String space) throws IOException {
        write();
        String recipe = recipe("dare_ties", 1, 1, "space: %s\nrank: 2".formatted(space));

        run().merge(recipe);
        run().into("other").run(recipe, "--num-threads", "3");

        assertThat(folder.resolve("other/adapter_model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("out/adapter_model.safetensors"));
    }

    @Test
    void aPlanAsJsonMakesTheSameBytes() {
        write();
        String recipe = recipe("ties", 1, 1, "rank: 2");
        run().merge(recipe);

        Cli.Result plan = Cli.run(folder, "plan", "recipe.yml", "--output", "plan.json");
        Cli.Result made = Cli.run(folder, "part", "plan.json", "parts", "--shards", "1");

        assertThat(plan.err()).doesNotContain("error");
        assertThat(made.code()).as(made.err()).isZero();
        Cli.Result published = Cli.run(folder, "publish", "plan.json", "parts");

        assertThat(published.code()).as(published.err()).isZero();
        assertThat(published.err()).contains("3 modules truncated");
        assertThat(folder.resolve("parts/adapter_model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("out/adapter_model.safetensors"));
    }

    @Test
    void biasesOfFactorsAreMergedByTheMethod() {
        for (String name : List.of("a", "b")) {
            int seed = name.charAt(0);
            first(seed)
                    .config("lora_bias", true)
                    .tensor(Q + ".lora_B.bias", List.of(32), TinyAdapter.values(32, seed))
                    .without(DOWN)
                    .write(folder.resolve(name), "F32");
        }

        Map<String, Values> merged = run().merge(recipe("ties", 1, 1, "parameters: {density: 1}"));

        float[] a = TinyAdapter.values(32, 'a');
        float[] b = TinyAdapter.values(32, 'b');
        float[] bias = merged.get("base_model.model." + Q + ".lora_B.bias").data();
        for (int i = 0; i < bias.length; i++) {
            float sum = a[i] + b[i];
            float expected =
                    a[i] * b[i] > 0
                            ? sum
                            : Math.abs(a[i]) == Math.abs(b[i])
                                    ? bias[i]
                                    : 2 * (Math.abs(a[i]) > Math.abs(b[i]) ? a[i] : b[i]);
            assertThat(bias[i]).isCloseTo(expected, within(1e-6f));
        }
    }

    @Test
    void nanIsRefusedByName() {
        float[] values = new float[2 * 32];
        values[7] = Float.NaN;
        first(1).write(folder.resolve("a"), "F32");
        second().tensor(Q + ".lora_A.weight", List.of(2, 32), values)
                .write(folder.resolve("b"), "F32");

        assertRefused(
                recipe("ties", 1, 1, ""),
                3,
                "./b: tensor 'base_model.model.%s.lora_A.weight' contains NaN".formatted(Q));
    }

    @ParameterizedTest
    @CsvSource({
        "'space: cor', 'unknown space ''cor'' (did you mean ''core''?)'",
        "'rank: 0', '''rank'' has the wrong form'",
        "'rank: many', '''rank'' has the wrong form'",
    })
    void wrongKeysAreRefused(String line, String message) {
        write();

        assertRefused(recipe("ties", 1, 1, line), 2, message);
    }

    @Test
    void savedModulesAreNotMergedByMethodsOfTaskVectors() {
        for (String name : List.of("a", "b")) {
            first(1).tensor("lm_head.weight", List.of(96, 32), new float[96 * 32])
                    .write(folder.resolve(name), "F32");
        }

        assertRefused(
                recipe("ties", 1, 1, ""),
                3,
                "tensor 'lm_head.weight' is stored in full: without the model it can only be averaged");
    }

    @Test
    void mergesOfModelsHaveNoSpaceAndNoRank() {
        TinyModel.llama(4, 96, false, 0).write(folder.resolve("base"), "F32");
        first(1).write(folder.resolve("a"), "F32");

        assertRefused(
                "merge_method: passthrough\nmodels: [{model: ./base+./a}]\nrank: 4\nspace: core\n",
                2,
                "'rank' is for merges of adapters with each other");
    }

    private void write() {
        first(1).write(folder.resolve("a"), "F32");
        second().write(folder.resolve("b"), "F32");
    }

    private static TinyAdapter first(int seed) {
        return new TinyAdapter(4, 8)
                .tensor(Q + ".lora_A.weight", List.of(4, 32), random(4 * 32, seed))
                .tensor(Q + ".lora_B.weight", List.of(32, 4), random(32 * 4, seed + 1))
                .tensor(DOWN + ".lora_A.weight", List.of(4, 64), random(4 * 64, seed + 2))
                .tensor(DOWN + ".lora_B.weight", List.of(32, 4), random(32 * 4, seed + 3));
    }

    private static TinyAdapter second() {
        return new TinyAdapter(2, 3)
                .config("use_rslora", true)
                .tensor(Q + ".lora_A.weight", List.of(2, 32), random(2 * 32, 11))
                .tensor(Q + ".lora_B.weight", List.of(32, 2), random(32 * 2, 12))
                .tensor(UP + ".lora_A.weight", List.of(2, 32), random(2 * 32, 13))
                .tensor(UP + ".lora_B.weight", List.of(64, 2), random(64 * 2, 14));
    }

    private static float[] random(int n, int seed) {
        Random random = new Random(seed);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static String recipe(String method, double first, double second, String more) {
        return """
        merge_method: %s
        models:
          - {model: ./a, parameters: {weight: %s}}
          - {model: ./b, parameters: {weight: %s}}
        %s
        """
                .formatted(method, first, second, more);
    }

    private RecipeRun run() {
        return new RecipeRun(folder);
    }

    private static String name(String module, String factor) {
        return "base_model.model.%s.lora_%s.weight".formatted(module, factor);
    }

    private static double[] product(Map<String, Values> adapter, String module) {
        Values a = adapter.get(name(module, "A"));
        return TinyAdapter.product(
                adapter.get(name(module, "B")).data(), a.data(), a.shape().getFirst());
    }

    private static double[] minus(double[] x, double[] y) {
        double[] difference = new double[x.length];
        Arrays.setAll(difference, i -> x[i] - y[i]);
        return difference;
    }

    private static double norm(double[] x) {
        return Math.sqrt(Arrays.stream(x).map(v -> v * v).sum());
    }

    private static void assertClose(double[] actual, double[] expected, double tolerance) {
        assertThat(norm(minus(actual, expected))).isLessThanOrEqualTo(tolerance * norm(expected));
    }

    private void assertRefused(String recipe, int code, String message) {
        Cli.Result result = run().run(recipe);

        assertThat(result.err()).contains(message).doesNotContain("\tat ");
        assertThat(result.code()).isEqualTo(code);
        assertThat(run().out()).doesNotExist();
    }
}
