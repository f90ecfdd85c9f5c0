package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import jmergekit.fixture.TinyStatistics;
import jmergekit.method.reference.RegmeanReference;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Recipes whose models have statistics files, from the recipe to the output.
class StatisticsFilesTest {
    private static final String NORM = "model.norm.weight";
    private static final String UP = "model.layers.0.mlp.up_proj.weight";

    private static final String RECIPE =
            """
            merge_method: METHOD
            models:
              - model: chat
                statistics: chat.st.safetensors
              - model: code
                statistics: code.st.safetensors
            dtype: float32
            """;

    @TempDir private Path folder;

    @BeforeEach
    void write() {
        TinyModel base = TinyModel.llama(2, 40, false, 0);
        base.tuned(1).write(folder.resolve("chat"), "F32");
        base.tuned(2).write(folder.resolve("code"), "F32");
        all("chat", 1).write(folder.resolve("chat.st.safetensors"));
        all("code", 2).write(folder.resolve("code.st.safetensors"));
    }

    private TinyStatistics all(String model, int m) {
        return TinyStatistics.of(model).all(weights(model), m);
    }

    private Path weights(String model) {
        return folder.resolve(model).resolve("model.safetensors");
    }

    private static String recipe(String method) {
        return RECIPE.replace("METHOD", method);
    }

    @Test
    void elementsAreMergedWithTheStatisticsOfTheirOwnModels() {
        Map<String, Values> merged = new RecipeRun(folder).merge(recipe("fisher"));

        for (String name : List.of(NORM, UP, "lm_head.weight")) {
            float[] x = TinyModel.readFile(weights("chat")).get(name).data();
            float[] y = TinyModel.readFile(weights("code")).get(name).data();
            float[] f = all("chat", 1).data("fisher." + name);
            float[] g = all("code", 2).data("fisher." + name);
            float[] expected = new float[x.length];
            for (int i = 0; i < x.length; i++) {
                // The mean is about 1, the smallest one above 0 is 1/8.
                double a = Math.max(f[i], 1e-6);
                double b = Math.max(g[i], 1e-6);
                expected[i] = (float) ((a * x[i] + b * y[i]) / (a + b));
            }
            float[] data = merged.get(name).data();
            for (int i = 0; i < x.length; i++) {
                assertThat(data[i]).as(name + " " + i).isCloseTo(expected[i], Offset.offset(1e-6f));
            }
        }
    }

    @Test
    void theListingSaysWhatTheFilesHold() {
        Cli.Result result = new RecipeRun(folder).run(recipe("fisher"), "--dry-run", "-v");

        assertThat(result.out())
                .contains(
                        "note      chat.st.safetensors: Fisher information of 21 tensors of chat,"
                                + " from 3 texts with 40 tokens",
                        "note      21 tensors merged by their Fisher information, 0 averaged",
                        "chat: model.norm.weight F32 with statistics weight=1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fisher", "regmean"})
    void theBytesDoNotDependOnThreads(String method) throws Exception {
        for (String threads : List.of("1", "3")) {
            Cli.Result result =
                    new RecipeRun(folder, "out-" + threads)
                            .run(recipe(method), "--num-threads", threads);
            assertThat(result.code()).as(result.err()).isZero();
        }

        assertThat(folder.resolve("out-1/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("out-3/model.safetensors"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fisher", "regmean"})
    void partsOfASavedPlanHaveTheSameBytes(String method) throws Exception {
        RecipeRun whole = new RecipeRun(folder, "whole");
        assertThat(whole.run(recipe(method), "--out-shard-size=16500").code()).isZero();
        done("plan", "recipe.yml", "-o", "plan.json", "--out-shard-size=16500", "--name=whole");

        done("part", "plan.json", "parts", "--of=2", "--index=1");
        done("part", "plan.json", "parts", "--of=2", "--index=0");
        done("publish", "plan.json", "parts");

        try (Stream<Path> files = Files.list(whole.out())) {
            List<Path> all = files.toList();
            assertThat(all).hasSizeGreaterThan(5);
            for (Path file : all) {
                assertThat(folder.resolve("parts").resolve(file.getFileName()))
                        .hasSameBinaryContentAs(file);
            }
        }
    }

    private void done(String... args) {
        Cli.Result result = Cli.run(folder, args);
        assertThat(result.code()).as(result.err()).isZero();
    }

    @Test
    void oneEntryOfSlicesIsEnoughForAModel() {
        String slices =
                """
                merge_method: fisher
                slices:
                  - sources:
                      - {model: chat, layer_range: [0, 1], statistics: chat.st.safetensors}
                      - {model: code, layer_range: [1, 2], statistics: ./code.st.safetensors}
                  - sources:
                      - {model: chat, layer_range: [1, 2]}
                      - {model: code, layer_range: [1, 2]}
                dtype: float32
                """;

        Map<String, Values> merged = new RecipeRun(folder).merge(slices);
        Map<String, Values> whole = new RecipeRun(folder, "whole").merge(recipe("fisher"));

        String second = UP.replace("layers.0", "layers.1");
        assertThat(merged.get(second).data()).isEqualTo(whole.get(second).data());
        assertThat(merged.get(UP).data()).isNotEqualTo(whole.get(UP).data());
    }

    @Test
    void aNestedRecipeMayUseStatistics() throws Exception {
        String stages =
                "name: inner\n"
                        + recipe("fisher")
                        + """
                        ---
                        merge_method: linear
                        models:
                          - model: inner
                            parameters: {weight: 1}
                        dtype: float32
                        """;
        Files.writeString(folder.resolve("stages.yml"), stages);

        Cli.Result result = Cli.run(folder, "multi", "stages.yml", "--out-path=staged");

        assertThat(result.code()).as(result.err()).isZero();
        Map<String, Values> whole = new RecipeRun(folder).merge(recipe("fisher"));
        TinyModel.read(folder.resolve("staged"))
                .forEach((name, values) ->
                        assertThat(values.data()).as(name).isEqualTo(whole.get(name).data()));
    }

    @Test
    void missingTensorsAreAveragedWithAWarning() {
        all("code", 2).without("fisher." + UP).write(folder.resolve("code.st.safetensors"));

        Cli.Result result = new RecipeRun(folder).run(recipe("fisher"));

        assertThat(result.code()).isZero();
        assertThat(result.err())
                .contains(
                        "1 of 21 tensors are averaged: not every file has their Fisher information",
                        UP);
        float[] merged = TinyModel.read(folder.resolve("out")).get(UP).data();
        float[] x = TinyModel.readFile(weights("chat")).get(UP).data();
        float[] y = TinyModel.readFile(weights("code")).get(UP).data();
        assertThat(merged[5]).isEqualTo((x[5] + y[5]) / 2);
    }

    @Test
    void linearLayersAreMergedWithTheGramMatricesOfTheirOwnModels() {
        Map<String, Values> merged = new RecipeRun(folder).merge(recipe("regmean"));

        float[][] models = {tensor("chat", UP), tensor("code", UP)};
        float[][] grams = {all("chat", 1).data("gram." + UP), all("code", 2).data("gram." + UP)};
        double[] expected =
                RegmeanReference.merge(
                        models, grams, new double[] {1, 1}, models[0].length / 32, 0.9);
        float[] data = merged.get(UP).data();
        for (int i = 0; i < data.length; i++) {
            assertThat((double) data[i]).as("" + i).isCloseTo(expected[i], Offset.offset(1e-5));
        }
        float[] norm = merged.get(NORM).data();
        assertThat(norm[5]).isEqualTo((tensor("chat", NORM)[5] + tensor("code", NORM)[5]) / 2);
    }

    private float[] tensor(String model, String name) {
        return TinyModel.readFile(weights(model)).get(name).data();
    }

    @Test
    void linearLayersWithoutGramMatricesAreAveragedWithAWarning() {
        all("code", 2).without("gram." + UP).write(folder.resolve("code.st.safetensors"));

        Cli.Result result = new RecipeRun(folder).run(recipe("regmean"));

        assertThat(result.err())
                .contains(
                        "1 of 21 tensors are averaged: not every file has their Gram matrices of"
                                + " inputs",
                        UP);
        float[] merged = TinyModel.read(folder.resolve("out")).get(UP).data();
        assertThat(merged[5]).isEqualTo((tensor("chat", UP)[5] + tensor("code", UP)[5]) / 2);
    }

    @Test
    void gramMatricesOfAnotherShapeAreRefused() {
        all("code", 2).gram(UP, 16, new float[256]).write(folder.resolve("code.st.safetensors"));

        assertRefused(
                recipe("regmean"),
                "code.st.safetensors: tensor 'gram." + UP + "' is [16, 16]",
                "with 32 inputs");
    }

    @Test
    void everyModelNeedsAFile() {
        String recipe = recipe("fisher").replace("    statistics: code.st.safetensors\n", "");

        assertRefused(recipe, "merge method 'fisher' needs statistics of every model", "'code'");
    }

    @Test
    void filesThatDoNotExistAreRefused() throws Exception {
        Files.delete(folder.resolve("code.st.safetensors"));

        assertRefused(recipe("fisher"), "code.st.safetensors: no such file");
    }

    @Test
    void otherFilesAreRefused() throws Exception {
        Files.copy(weights("code"), folder.resolve("weights.safetensors"));

        assertRefused(
                recipe("fisher").replace("code.st", "weights"),
                "weights.safetensors: is not a file of statistics",
                "'pt'");
    }

    @Test
    void filesWithoutTheKindAreRefused() {
        TinyStatistics.of("code")
                .set("kinds", "gram")
                .gram(UP, 32, new float[32 * 32])
                .write(folder.resolve("code.st.safetensors"));

        assertRefused(
                recipe("fisher"),
                "code.st.safetensors: has no Fisher information",
                "'gram'",
                "mergekit stats");
    }

    @Test
    void tensorsOfAnotherShapeAreRefused() {
        all("code", 2)
                .fisher(NORM, List.of(16), new float[16])
                .write(folder.resolve("code.st.safetensors"));

        assertRefused(
                recipe("fisher"),
                "code.st.safetensors: tensor 'fisher.model.norm.weight' is [16], but"
                        + " 'model.norm.weight' is [32]");
    }

    @Test
    void tensorsOfAnotherDtypeAreRefused() {
        all("code", 2).dtype("BF16").write(folder.resolve("code.st.safetensors"));

        assertRefused(recipe("fisher"), "is BF16 instead of F32");
    }

    @Test
    void filesOfAModelWithOtherTensorsAreRefused() {
        TinyStatistics.of("code")
                .fisher("transformer.wte.weight", List.of(2), 1, 2)
                .write(folder.resolve("code.st.safetensors"));

        assertRefused(
                recipe("fisher"),
                "belongs to another model: 'code' has none of its tensors",
                "'transformer.wte.weight'");
    }

    @Test
    void filesThatWereMixedUpDrawAWarning() {
        String mixed =
                recipe("fisher")
                        .replace("chat.st", "other.st")
                        .replace("code.st", "chat.st")
                        .replace("other.st", "code.st");

        Cli.Result result = new RecipeRun(folder).run(mixed);

        assertThat(result.code()).isZero();
        assertThat(result.err())
                .contains("its statistics were made from another model than 'chat'", "'code'");
    }

    @Test
    void aModelHasOneFile() {
        String twice =
                recipe("fisher")
                        .replace(
                                "  - model: code",
                                "  - model: chat\n    statistics: code.st.safetensors\n"
                                        + "  - model: code");

        assertRefused(twice, "two statistics files for model 'chat'", "'chat.st.safetensors'");
    }

    @Test
    void otherMethodsUseNone() {
        String linear = recipe("linear") + "parameters: {weight: 1}\n";

        Cli.Result result = new RecipeRun(folder).run(linear);

        assertThat(result.code()).isZero();
        assertThat(result.err()).contains("merge method 'linear' uses no statistics");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "7", "{\"a\": 7}", "[\"a\"]"})
    void namesOfGramMatricesThatAreNotAnObjectAreRefused(String json) {
        all("code", 2).set("gram", json).write(folder.resolve("code.st.safetensors"));

        assertRefused(recipe("fisher"), "code.st.safetensors: 'gram' in its metadata is ");
    }

    @Test
    void truncatedFilesAreRefused() throws Exception {
        Path file = folder.resolve("code.st.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 100));

        assertRefused(recipe("fisher"), "code.st.safetensors");
    }

    @Test
    void nonFiniteStatisticsAreReported() {
        float[] broken = new float[32];
        broken[3] = Float.NaN;
        all("code", 2)
                .fisher(NORM, List.of(32), broken)
                .write(folder.resolve("code.st.safetensors"));

        Cli.Result result = new RecipeRun(folder).run(recipe("fisher"));

        assertThat(result.code()).isZero();
        assertThat(result.err()).contains("fisher.model.norm.weight");
    }

    @Test
    void looseTensorsHaveNone() throws Exception {
        Files.writeString(
                folder.resolve("recipe.yml"),
                recipe("fisher").replace("model: chat", "model: chat/model.safetensors"));

        Cli.Result result = Cli.run(folder, "pytorch", "recipe.yml", "out");

        assertThat(result.code()).isNotZero();
        assertThat(result.err())
                .contains("merge method 'fisher' needs statistics and does not work with loose");
    }

    private void assertRefused(String recipe, String... texts) {
        Cli.Result result = new RecipeRun(folder).run(recipe);

        assertThat(result.code()).isNotZero();
        assertThat(result.err()).contains(texts).doesNotContain("Exception");
        assertThat(folder.resolve("out")).doesNotExist();
    }
}
