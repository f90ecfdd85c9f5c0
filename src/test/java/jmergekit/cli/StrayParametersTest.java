package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Parameters and models of a recipe that have no effect, or perhaps not the one that was meant.
class StrayParametersTest {
    @TempDir private Path folder;
    private RecipeRun run;

    @BeforeEach
    void writeModels() {
        TinyModel base = TinyModel.llama(2, 24, false, 0).write(folder.resolve("base"), "F32");
        base.tuned(1).write(folder.resolve("a"), "F32");
        base.tuned(2).write(folder.resolve("b"), "F32");
        run = new RecipeRun(folder);
    }

    @ParameterizedTest
    @CsvSource({
        "multislerp, int8_mask: true",
        "multislerp, normalize: true",
        "multislerp, alpha: 1",
        "linear, r: 0.1",
        "task_arithmetic, gamma: 0.1",
        "task_arithmetic, int8_mask: true",
        "ties, int8_mask: true",
    })
    void aParameterOfOtherMethodsOrOfNoEffectIsAWarningAtTheTopLevel(String method, String line) {
        Cli.Result result = run.run(recipe(method) + line + "\n");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err())
                .contains("warning: recipe.yml:6:1: method parameter", "is at the top level")
                .contains("omit it");
        assertThat(run.run(recipe(method) + line + "\n", "--strict", "--overwrite").code())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "ties, normalize: true",
        "task_arithmetic, lambda: 0.5",
        "linear, weight: 1",
        "ramplus_tl, alpha: 1",
        "ramplus_tl, r: 1",
    })
    void aParameterOfTheMethodIsAnErrorAtTheTopLevel(String method, String line) {
        Cli.Result result = run.run(recipe(method) + line + "\n");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("error: recipe.yml:6:1: method parameter", "under 'parameters'");
    }

    @ParameterizedTest
    @CsvSource({
        "linear, int8_mask",
        "ties, scale",
        "linear, scale",
        "task_arithmetic, gamma",
        "multislerp, normalize",
        "breadcrumbs, epsilon",
        "ties, filter_wise"
    })
    void aParameterOfOtherMethodsIsAWarningUnderParameters(String method, String name) {
        Cli.Result result =
                run.run(
                        """
                        merge_method: %s
                        base_model: ./base
                        parameters: {weight: 1, %s: 1}
                        models: [{model: ./a}, {model: ./b}]
                        """
                                .formatted(method, name));

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err())
                .contains("warning: recipe.yml:3:", "unknown parameter '" + name + "'");
    }

    @Test
    void nothingIsSaidToBeMissingThatAMisspeltNameIsMeantFor() {
        Cli.Result result =
                run.run(
                        """
                        merge_method: linear
                        models:
                          - {model: ./a, parameters: {wieght: 1}}
                          - {model: ./b, parameters: {weight: 1}}
                        """);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).containsOnlyOnce("error: ").contains("(did you mean 'weight'?)");
    }

    @Test
    void nothingIsSaidToBeMissingOfAModelWhoseNameIsWrong() {
        Cli.Result result =
                run.run(
                        """
                        merge_method: linear
                        models: [{model: ./a}, {model: ./b}]
                        input_model_parameters:
                          ./a: {weight: 1}
                          ./c: {weight: 1}
                        """);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .containsOnlyOnce("error: ")
                .contains("recipe.yml:5:3: parameters of './c', which is not merged by the recipe");
    }

    @Test
    void namesAndValuesThatAreWrongAreSaidAtOnce() {
        Cli.Result result =
                run.run(
                        """
                        merge_method: linear
                        models: [{model: ./a, parameters: {weigth: 1}}, {model: ./b}]
                        input_model_parameters:
                          ./b: {wieght: 1, weight: x}
                        """);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("recipe.yml:2:", "unknown parameter 'weigth'")
                .contains("recipe.yml:4:", "unknown parameter 'wieght'")
                .contains("parameter 'weight'", "found 'x'");
    }

    @Test
    void aMisspeltParameterStaysAnError() {
        Cli.Result result =
                run.run(
                        """
                        merge_method: ties
                        base_model: ./base
                        models: [{model: ./a}]
                        parameters: {weight: 1, densty: 0.5}
                        """);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("did you mean 'density'?");
    }

    @ParameterizedTest
    @CsvSource({
        "*attn*, write 'attn'",
        ".*mlp, write 'mlp'",
        "layers.\\d+, without wildcards",
        "^model.norm$, write 'model.norm'",
        "self_atn, did you mean 'self_attn'?",
        "vision, a literal part",
    })
    void aFilterThatMatchesNothingIsAWarningWithItsLine(String filter, String hint) {
        Cli.Result result =
                run.run(
                        """
                        merge_method: slerp
                        base_model: ./base
                        models: [{model: ./a}]
                        parameters:
                          t:
                            - filter: '%s'
                              value: 0.5
                            - filter: mlp
                              value: 0.2
                            - filter: '*'
                              value: 0.1
                        """
                                .formatted(filter));

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err().lines().filter(l -> l.startsWith("warning"))).hasSize(1);
        assertThat(result.err())
                .contains("warning: recipe.yml:6:7: filter '" + filter + "' of parameter 't'")
                .contains("matches no tensor", hint);
    }

    @Test
    void aModelListedTwiceCountsTwiceWithAWarning() {
        float[] sum =
                run.merge(
                                """
                                merge_method: linear
                                models:
                                  - {model: ./a, parameters: {weight: 1}}
                                  - {model: ./b, parameters: {weight: 1}}
                                  - {model: ./../%s/a, parameters: {weight: 2}}
                                """
                                        .formatted(folder.getFileName()))
                        .get("lm_head.weight")
                        .data();
        float[] a = TinyModel.read(folder.resolve("a")).get("lm_head.weight").data();
        float[] b = TinyModel.read(folder.resolve("b")).get("lm_head.weight").data();

        for (int i = 0; i < a.length; i++) {
            assertThat((double) sum[i])
                    .isCloseTo(
                            (3.0 * a[i] + b[i]) / 4, org.assertj.core.api.Assertions.offset(1e-6));
        }
    }

    @Test
    void onlyTheSameLayersOfAModelTwiceDrawAWarning() {
        String slices =
                """
                merge_method: linear
                slices:
                  - sources: [{model: ./a, layer_range: [0, 1]}, {model: ./a, layer_range: [%s]}]
                parameters: {weight: 1}
                """;

        assertThat(run.run(slices.formatted("0, 1")).err())
                .contains("recipe.yml:3:58: model './a' is listed twice");
        assertThat(run.run(slices.formatted("1, 2"), "--overwrite").err())
                .doesNotContain("warning");
    }

    private static String recipe(String method) {
        return """
        merge_method: %s
        base_model: ./base
        models: [{model: ./a}, {model: ./b}]
        dtype: float32
        parameters: {weight: 0.5}
        """
                .formatted(method);
    }
}
