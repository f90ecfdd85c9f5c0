package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Small versions of what users of merge tools have reported, end to end.
class TryCasesTest {
    private static final String EMBEDDINGS = "model.embed_tokens.weight";
    private static final String HEAD = "lm_head.weight";

    @TempDir private Path folder;

    @Test
    void tiedBaseStandsInForItsHeadAndTheFlagFollows() throws IOException {
        TinyModel base = tied().write(folder.resolve("base"), "F32");
        TinyModel a = head(tied().tuned(1), 3).write(folder.resolve("A"), "F32");
        TinyModel b = head(tied().tuned(2), 5).write(folder.resolve("B"), "F32");

        Cli.Result result = merge(taskArithmetic(), "out");

        assertThat(result.code()).as(result.err()).isZero();
        Map<String, Values> out = TinyModel.read(folder.resolve("out"));
        float[] e = base.data(EMBEDDINGS);
        float[] headA = a.data(HEAD);
        float[] headB = b.data(HEAD);
        for (int i = 0; i < e.length; i++) {
            double expected = e[i] + 0.5 * (headA[i] - e[i]) + 0.5 * (headB[i] - e[i]);
            assertThat((double) out.get(HEAD).data()[i]).isCloseTo(expected, within(expected));
        }
        assertThat(tieFlag("out")).isFalse();
        assertThat(out).hasSize(39);
    }

    @Test
    void tiedModelsStayTied() throws IOException {
        tied().write(folder.resolve("base"), "F32");
        tied().tuned(1).write(folder.resolve("A"), "F32");
        tied().tuned(2).write(folder.resolve("B"), "F32");

        assertThat(merge(taskArithmetic(), "out").code()).isZero();
        assertThat(merge(slerp("./base", "./A"), "slerp").code()).isZero();

        for (String out : List.of("out", "slerp")) {
            assertThat(TinyModel.read(folder.resolve(out))).doesNotContainKey(HEAD).hasSize(38);
            assertThat(tieFlag(out)).isTrue();
        }
    }

    @Test
    void rowsOfALargerVocabularyAreCutToTheBase() throws IOException {
        TinyModel.llama(4, 96, false, 0).write(folder.resolve("base"), "F32");
        TinyModel.llama(4, 100, false, 0).tuned(1).write(folder.resolve("A"), "F32");

        Cli.Result result = merge(ties("float32"), "out");

        assertThat(result.code()).isZero();
        assertThat(result.err())
                .contains(
                        "./A",
                        "first 96 of 100 rows",
                        EMBEDDINGS,
                        "as many as './base' has",
                        "'tokenizer: {source: union}'",
                        "--strict");
        Map<String, Values> out = TinyModel.read(folder.resolve("out"));
        assertThat(out.get(EMBEDDINGS).shape()).containsExactly(96, 32);
        assertThat(out.get(HEAD).shape()).containsExactly(96, 32);
        assertThat(vocabularySize("out")).isEqualTo(96);
    }

    @Test
    void fewerRowsThanTheBaseAreRefusedWithBothCounts() throws IOException {
        TinyModel.llama(4, 100, false, 0).write(folder.resolve("base"), "F32");
        TinyModel.llama(4, 96, false, 0).tuned(1).write(folder.resolve("A"), "F32");

        Cli.Result result = merge(ties("float32"), "out");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains("./A", "[96, 32]", "./base", "[100, 32]", "'tokenizer: ");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void slerpOfDifferentVocabulariesWritesTheSizeItHas() throws IOException {
        TinyModel.llama(4, 100, false, 0).write(folder.resolve("base"), "F32");
        TinyModel.llama(4, 96, false, 0).tuned(1).write(folder.resolve("A"), "F32");

        assertThat(merge(slerp("./base", "./A"), "out").code()).isZero();

        assertThat(TinyModel.read(folder.resolve("out")).get(EMBEDDINGS).shape().getFirst())
                .isEqualTo(96);
        assertThat(vocabularySize("out")).isEqualTo(96);
    }

    @Test
    void aSecondRunIntoTheSameFolderLeavesNothingOfTheFirst() throws IOException {
        tied().write(folder.resolve("A"), "F32");
        tied().tuned(1).write(folder.resolve("B"), "F32");
        assertThat(merge(linear(1, 1), "out", "--out-shard-size", "40KB").code()).isZero();
        assertThat(folder.resolve("out/model.safetensors.index.json")).exists();

        Cli.Result refused = merge(linear(1, 3), "out");
        assertThat(refused.code()).isEqualTo(4);
        assertThat(refused.err()).contains("not empty", "--overwrite");

        assertThat(merge(linear(1, 3), "out", "--overwrite").code()).isZero();

        try (Stream<Path> files = Files.list(folder.resolve("out"))) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            ".jmergekit-files.json",
                            "README.md",
                            "mergekit_config.plan.json",
                            "config.json",
                            "mergekit_config.yml",
                            "model.safetensors");
        }
        float a = tied().data(EMBEDDINGS)[7];
        float b = tied().tuned(1).data(EMBEDDINGS)[7];
        assertThat(TinyModel.read(folder.resolve("out")).get(EMBEDDINGS).data()[7])
                .isEqualTo(0.25f * a + 0.75f * b);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(Path::toString)).noneMatch(f -> f.contains(".partial-"));
        }
    }

    @Test
    void everyMistakeOfARecipeIsListedAtOnce() throws IOException {
        writeModelsOfTheMistakes();
        String recipe =
                """
                merge_method: liner
                normalize: true
                models:
                  - model: ./four
                    weight: 1
                    parameters: {wieght: 0.5}
                  - model: ./six
                    parameters: {weight: 0.5}
                  - model: ./broken
                    parameters: {weight: 0.5}
                """;

        for (String[] extra : new String[][] {{}, {"--dry-run"}}) {
            Cli.Result result = merge(recipe, "out", extra);

            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err())
                    .contains("recipe.yml:1:15: unknown merge method 'liner'", "'linear'")
                    .contains("error: recipe.yml:2:1: method parameter 'normalize'")
                    .contains("recipe.yml:5:5: ", "'weight'", "'parameters'")
                    .contains("'wieght'", "did you mean 'weight'?")
                    .contains("'./four' has 4 layers, './six' has 6")
                    .contains("model-00001-of-00001.safetensors")
                    .doesNotContain("\tat ");
            assertThat(folder.resolve("out")).doesNotExist();
        }
    }

    @Test
    void aLayerRangeBeyondTheModelNamesModelRangeAndDepth() throws IOException {
        TinyModel.llama(4, 96, false, 0).write(folder.resolve("four"), "F32");
        String recipe =
                """
                merge_method: passthrough
                slices:
                  - sources: [{model: ./four, layer_range: [2, 9]}]
                """;

        Cli.Result result = merge(recipe, "out");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("[2, 9]", "4 layers", "./four", "recipe.yml:3:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "merge_method: tie",
                "normalize: true",
                "models: [{model: ./four, weight: 1}]",
                "models: [{model: ./four, parameters: {densty: 0.5, weight: 1}}]",
                "models: [{model: ./four}, {model: ./six}]",
                "slices: [{sources: [{model: ./four, layer_range: [2, 9]}]}]",
                "models: [{model: ./broken}]",
            })
    void eachMistakeAloneIsRefused(String line) throws IOException {
        writeModelsOfTheMistakes();
        boolean models = !line.startsWith("models") && !line.startsWith("slices");
        String recipe =
                (line.startsWith("merge_method") ? "" : "merge_method: ties\n")
                        + "base_model: ./four\n"
                        + (models ? "models: [{model: ./four}]\n" : "")
                        + (line.startsWith("normalize") ? "" : "parameters: {weight: 1}\n")
                        + line
                        + "\n";

        Cli.Result result = merge(recipe, "out");

        assertThat(result.code()).isBetween(2, 3);
        assertThat(result.err()).contains("error: ").doesNotContain("\tat ");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void strictTurnsWarningsIntoErrors() throws IOException {
        tied().write(folder.resolve("A"), "F32");
        tied().tuned(1).write(folder.resolve("B"), "F32");
        String recipe = linear(1, 1) + "remark: 1\n";

        Cli.Result lenient = merge(recipe, "out");
        Cli.Result strict = merge(recipe, "strict", "--strict");

        assertThat(lenient.code()).isZero();
        assertThat(lenient.err()).contains("warning: recipe.yml:5:1: ", "'remark'");
        assertThat(strict.code()).isEqualTo(2);
        assertThat(strict.err()).contains("error: recipe.yml:5:1: ", "'remark'");
        assertThat(folder.resolve("strict")).doesNotExist();
    }

    private void writeModelsOfTheMistakes() throws IOException {
        TinyModel.llama(4, 96, false, 0).write(folder.resolve("four"), "F32");
        TinyModel.llama(6, 96, false, 0).write(folder.resolve("six"), "F32");
        TinyModel.llama(4, 96, false, 0).write(folder.resolve("broken"), "F32");
        Files.delete(folder.resolve("broken/model.safetensors"));
        Files.writeString(
                folder.resolve("broken/model.safetensors.index.json"),
                "{\"weight_map\": {\"x\": \"model-00001-of-00001.safetensors\"}}");
    }

    private Cli.Result merge(String recipe, String out, String... extra) throws IOException {
        Files.writeString(folder.resolve("recipe.yml"), recipe);
        Stream<String> args = Stream.of("yaml", "recipe.yml", out);
        return Cli.run(folder, Stream.concat(args, Arrays.stream(extra)).toArray(String[]::new));
    }

    private static TinyModel tied() {
        return TinyModel.llama(4, 96, true, 0);
    }

    private static TinyModel head(TinyModel model, int m) {
        float[] data = TinyModel.llama(4, 96, false, m).data(HEAD);
        return model.with(HEAD, List.of(96, 32), data);
    }

    private static String taskArithmetic() {
        return """
        merge_method: task_arithmetic
        base_model: ./base
        models:
          - {model: ./A, parameters: {weight: 0.5}}
          - {model: ./B, parameters: {weight: 0.5}}
        dtype: float32
        """;
    }

    private static String slerp(String base, String other) {
        return """
        merge_method: slerp
        base_model: %s
        models: [{model: %s}]
        parameters: {t: 0.5}
        dtype: float32
        """
                .formatted(base, other);
    }

    private static String ties(String dtype) {
        return """
        merge_method: ties
        base_model: ./base
        models: [{model: ./A, parameters: {weight: 1.0, density: 0.5}}]
        dtype: %s
        """
                .formatted(dtype);
    }

    private static String linear(int a, int b) {
        return """
        merge_method: linear
        models:
          - {model: ./A, parameters: {weight: %d}}
          - {model: ./B, parameters: {weight: %d}}
        """
                .formatted(a, b);
    }

    private static org.assertj.core.data.Offset<Double> within(double value) {
        return org.assertj.core.data.Offset.offset(1e-6 * Math.max(1, Math.abs(value)));
    }

    private boolean tieFlag(String out) {
        return TinyModel.readConfig(folder.resolve(out)).path("tie_word_embeddings").booleanValue();
    }

    private int vocabularySize(String out) {
        return TinyModel.readConfig(folder.resolve(out)).path("vocab_size").intValue();
    }
}
