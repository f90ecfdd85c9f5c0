package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import jmergekit.method.MergeMethod;
import jmergekit.method.MergeMethods;
import jmergekit.method.MethodInfo;
import jmergekit.method.MethodInfo.Base;
import jmergekit.method.MethodInfo.Single;
import jmergekit.method.Param;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Slices and recipes with one source only: that model's tensors, as with the reference.
class LoneSourceTest {
    private static final String NORM = "model.norm.weight";
    private static final String HEAD = "lm_head.weight";

    @TempDir private Path folder;
    private TinyModel base;
    private TinyModel a;
    private RecipeRun run;

    @BeforeEach
    void writeModels() {
        base = TinyModel.llama(4, 24, false, 0).write(folder.resolve("base"), "F32");
        a = base.tuned(1).write(folder.resolve("a"), "F32");
        base.tuned(2).write(folder.resolve("b"), "F32");
        run = new RecipeRun(folder);
    }

    static Stream<String> withBase() {
        return MergeMethods.builtIn().all().stream()
                .map(MergeMethod::info)
                .filter(i -> i.base() != Base.ORDINARY)
                .map(MethodInfo::name);
    }

    static Stream<String> keeping() {
        return withBase().filter(m -> info(m).single() == Single.KEEP);
    }

    @ParameterizedTest
    @MethodSource("withBase")
    void aSliceOfTheBaseAloneIsTheBase(String method) {
        Map<String, Values> out =
                run.merge(
                        "merge_method: %s\nbase_model: ./base\nslices:\n".formatted(method)
                                + slice("[0, 3]", sources(method))
                                + slice("[3, 4]", "base")
                                + parameters(method));

        assertThat(out).hasSize(39);
        out.forEach((name, values) -> {
            if (name.contains(".3.") || name.equals(NORM) || name.equals(HEAD)) {
                assertThat(values.data()).as(name).containsExactly(base.data(name));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("keeping")
    void aSliceOfAnotherModelAloneIsThatModel(String method) {
        Map<String, Values> out =
                run.merge(
                        "merge_method: %s\nbase_model: ./base\nslices:\n".formatted(method)
                                + slice("[0, 1]", "a")
                                + slice("[1, 4]", sources(method))
                                + parameters(method));

        assertThat(out).hasSize(39);
        out.forEach((name, values) -> {
            if (name.contains(".0.") || name.contains("embed")) {
                assertThat(values.data()).as(name).containsExactly(a.data(name));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("withBase")
    void aRecipeOfTheBaseAloneIsTheBaseWithAWarning(String method) {
        Cli.Result result =
                run.run(
                        "merge_method: %s\nbase_model: ./base\nmodels: [{model: ./base}]\n"
                                        .formatted(method)
                                + parameters(method));

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).contains("nothing is merged");
        TinyModel.read(run.out())
                .forEach((name, values) ->
                        assertThat(values.data()).as(name).containsExactly(base.data(name)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nuslerp", "multislerp", "karcher"})
    void aRecipeOfOneModelIsThatModel(String method) {
        run.merge(
                        "merge_method: %s\nmodels: [{model: ./a}]\n%s"
                                .formatted(method, parameters(method)))
                .forEach((name, values) ->
                        assertThat(values.data()).as(name).containsExactly(a.data(name)));
    }

    @Test
    void aDifferenceNeedsABase() {
        Cli.Result result =
                run.run(
                        "merge_method: ties\nbase_model: ./base\nslices:\n"
                                + slice("[0, 4]", "a")
                                + parameters("ties"));

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("the base model is not among the sources");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[4, 4]", "[0, 0]", "[9, 9]"})
    void aSliceWithoutLayersBringsNormAndHead(String range) {
        Map<String, Values> out =
                run.merge(
                        "merge_method: model_stock\nbase_model: ./base\nslices:\n"
                                + slice("[0, 4]", "base", "a", "b")
                                + slice(range, "base"));

        assertThat(out).hasSize(39);
        assertThat(out.get(NORM).data()).containsExactly(base.data(NORM));
        assertThat(out.get(HEAD).data()).containsExactly(base.data(HEAD));
        String embeddings = "model.embed_tokens.weight";
        assertThat(out.get(embeddings).data()).isNotEqualTo(base.data(embeddings));
        assertThat(run.config().path("num_hidden_layers").asInt()).isEqualTo(4);
    }

    private static MethodInfo info(String method) {
        return MergeMethods.builtIn().named(method).orElseThrow().info();
    }

    // As few as the method takes.
    private static String[] sources(String method) {
        boolean two = info(method).least() == 2;
        return two ? new String[] {"base", "a", "b"} : new String[] {"base", "a"};
    }

    private static String slice(String range, String... models) {
        return "  - sources:\n"
                + Stream.of(models)
                        .map(m -> "      - {model: ./%s, layer_range: %s}\n".formatted(m, range))
                        .collect(Collectors.joining());
    }

    private static String parameters(String method) {
        return info(method).params().stream()
                .filter(Param::required)
                .map(p -> "  " + p.name() + ": 0.5\n")
                .reduce(String::concat)
                .map(p -> "parameters:\n" + p)
                .orElse("");
    }
}
