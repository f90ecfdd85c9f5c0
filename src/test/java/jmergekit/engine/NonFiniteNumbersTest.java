package jmergekit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyModel;
import jmergekit.method.MergeMethods;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// What a run says of NaN and infinity, and what it then refuses.
class NonFiniteNumbersTest {
    static final List<String> METHODS = MethodRuns.METHODS;

    private static final String Q = "model.layers.0.self_attn.q_proj.weight";
    private static final String OVERFLOWING =
            """
            merge_method: linear
            models:
            - {model: ./m1, parameters: {weight: 1.0e+30}}
            - {model: ./m2, parameters: {weight: 1.0e+30}}
            parameters: {normalize: false}
            dtype: float16
            """;

    @TempDir private Path folder;
    private RecipeRun run;

    @BeforeEach
    void writeModels() {
        TinyModel.llama(1, 8, false, 0).write(folder.resolve("m0"), "F32");
        writeModel(1, Float.NaN);
        TinyModel.llama(1, 8, false, 2).write(folder.resolve("m2"), "F32");
        run = new RecipeRun(folder);
    }

    private void writeModel(int m, float value) {
        TinyModel model = TinyModel.llama(1, 8, false, m);
        model.data(Q)[500] = value;
        model.write(folder.resolve("m" + m), "F32");
    }

    private static String recipe(String method) {
        return MethodRuns.recipe(MergeMethods.builtIn().named(method).orElseThrow().info());
    }

    private String card() throws IOException {
        return Files.readString(run.out().resolve("README.md"));
    }

    private static long nonFinite(RecipeRun run) {
        float[] data = TinyModel.read(run.out()).get(Q).data();
        long count = 0;
        for (float value : data) {
            count += Float.isFinite(value) ? 0 : 1;
        }
        return count;
    }

    @ParameterizedTest
    @FieldSource("METHODS")
    void aNanOfAModelIsReportedByEveryMethod(String method) throws IOException {
        Cli.Result result = run.run(recipe(method));
        long count = nonFinite(run);

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err())
                .contains(
                        "warning: ./m1: holds NaN or infinity: '%s' (1 of its values)"
                                .formatted(Q));
        assertThat(result.err().contains("spread: '%s' (%d of 1024 values".formatted(Q, count)))
                .isEqualTo(count > 1);
        assertThat(card())
                .endsWith(
                        "%d values in %d tensors are NaN or infinite; in the inputs 1 values in 1 tensors are.\n"
                                .formatted(count, count > 0 ? 1 : 0));
    }

    @ParameterizedTest
    @FieldSource("METHODS")
    void anInfinityOfTheBaseIsReportedByEveryMethodThatHasOne(String method) {
        writeModel(1, 0.5f);
        writeModel(0, Float.NEGATIVE_INFINITY);
        boolean hasBase = recipe(method).contains("base_model");
        Cli.Result result = run.run(recipe(method));

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err().contains("./m0: holds NaN or infinity: '%s'".formatted(Q)))
                .isEqualTo(hasBase);
    }

    @ParameterizedTest
    @FieldSource("METHODS")
    void nothingIsSaidOfFiniteNumbers(String method) throws IOException {
        writeModel(1, 0.5f);
        Cli.Result result = run.run(recipe(method), "--strict", "-q");

        assertThat(result.err()).isEmpty();
        assertThat(card()).doesNotContain("Numbers");
    }

    @Test
    void theReportDoesNotDependOnTheNumberOfThreads() {
        String one = run.run(recipe("ties"), "-q", "-j", "1").err();
        String seven = run.into("other").run(recipe("ties"), "-q", "-j", "7").err();

        assertThat(one).isNotEmpty().isEqualTo(seven);
    }

    @Test
    void whatSpreadsFromAnInputIsRefusedByStrictRuns() {
        Cli.Result result = run.run(recipe("slerp"), "--strict");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err())
                .contains(
                        "error: output: NaN or infinity spread: '%s' (1024 of 1024 values; of its inputs 1, in './m1')"
                                .formatted(Q))
                .contains("./m1: holds NaN");
        assertThat(run.out()).doesNotExist();
    }

    @Test
    void resultsTooLargeForTheirDtypeAreAWarning() throws IOException {
        writeModel(1, 0.5f);
        Cli.Result result = run.run(OVERFLOWING);

        assertThat(result.code()).isZero();
        assertThat(result.err())
                .containsOnlyOnce("warning")
                .contains("output: results that are NaN or infinite: 'model.embed_tokens.weight' (")
                .contains(" of 256 values; of its inputs none), ")
                .contains("and 9 more; choose a 'dtype' with a wider range");
        assertThat(card()).contains("in the inputs 0 values in 0 tensors are.");
    }

    @Test
    void resultsTooLargeForTheirDtypeAreRefusedByStrictRuns() {
        writeModel(1, 0.5f);
        Cli.Result result = run.run(OVERFLOWING, "--strict");

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err()).contains("error: output: results that are NaN or infinite");
        assertThat(run.out()).doesNotExist();
    }

    @Test
    void copiesAreLookedAtTooAndNotRefused() throws IOException {
        String copy = "merge_method: passthrough\nmodels: [{model: ./m1}]\n";
        Cli.Result result = run.run(copy, "--strict", "-q");

        assertThat(result.code()).isZero();
        assertThat(result.err())
                .isEqualToIgnoringNewLines(
                        "warning: ./m1: holds NaN or infinity: '%s' (1 of its values)"
                                .formatted(Q));
        assertThat(card()).contains("1 values in 1 tensors are NaN");
    }

    @Test
    void inputsWithMoreAreFolded() {
        TinyModel model = TinyModel.llama(2, 8, false, 1);
        TinyModel.read(folder.resolve("m0")).keySet().forEach(n -> model.data(n)[0] = Float.NaN);
        model.write(folder.resolve("m1"), "F32");
        Cli.Result result = run.run("merge_method: passthrough\nmodels: [{model: ./m1}]\n", "-q");

        assertThat(result.err())
                .containsOnlyOnce("warning")
                .contains("'model.embed_tokens.weight' (1 of its values), ")
                .contains(" and 9 more");
    }
}
