package jmergekit.planner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which tensors `default: base` keeps.
class DefaultBaseTest {
    private static final String NEEDS = "'default: base' needs a base model";

    @TempDir private Path folder;

    @BeforeEach
    void writeModels() {
        for (int m = 0; m < 3; m++) {
            TinyModel.llama(2, 24, false, m)
                    .write(folder.resolve(new String[] {"base", "a", "b"}[m]), "BF16");
        }
    }

    private static String recipe(String method, String a, String b, String more) {
        return """
        merge_method: %s
        base_model: ./base
        default: base
        models:
        - {model: ./a, parameters: {%s}}
        - {model: ./b, parameters: {%s}}
        %s
        """
                .formatted(method, a, b, more);
    }

    private Set<String> changed(Map<String, Values> merged) {
        return differing(merged, TinyModel.read(folder.resolve("base")));
    }

    private static Set<String> differing(Map<String, Values> merged, Map<String, Values> base) {
        assertThat(merged.keySet()).isEqualTo(base.keySet());
        Set<String> names = new TreeSet<>();
        merged.forEach((name, values) -> {
            if (!Arrays.equals(values.data(), base.get(name).data())) {
                names.add(name);
            }
        });
        return names;
    }

    private Set<String> named(String part) {
        Set<String> names = new TreeSet<>(TinyModel.read(folder.resolve("base")).keySet());
        names.removeIf(n -> !n.contains(part));
        return names;
    }

    @ParameterizedTest
    @ValueSource(strings = {"task_arithmetic", "ties", "dare_linear", "della", "cabs", "consensus"})
    void tensorsThatNoFilterMatchesAreTheBases(String method) {
        String weight = "weight: [{filter: self_attn, value: 0.75}]";

        Map<String, Values> merged =
                new RecipeRun(folder)
                        .merge(recipe(method, weight, weight, "parameters: {lambda: 1}"));

        assertThat(changed(merged)).isNotEmpty().isSubsetOf(named("self_attn"));
    }

    @Test
    void onlyModelsWithAMatchTakePart() {
        String one =
                recipe(
                        "task_arithmetic",
                        "weight: [{filter: self_attn, value: 0.5}]",
                        "weight: [{filter: mlp, value: 0.5}]",
                        "");
        String both =
                recipe(
                        "task_arithmetic",
                        "weight: [{filter: self_attn, value: 0.5}, {value: 0}]",
                        "weight: [{filter: mlp, value: 0.5}, {value: 0}]",
                        "");

        Map<String, Values> merged = new RecipeRun(folder).merge(one);

        assertThat(differing(merged, new RecipeRun(folder).into("all").merge(both))).isEmpty();
        assertThat(changed(merged)).isEqualTo(union(named("self_attn"), named("mlp")));
    }

    private static Set<String> union(Set<String> a, Set<String> b) {
        Set<String> all = new TreeSet<>(a);
        all.addAll(b);
        return all;
    }

    @Test
    void parametersOfTheWholeTensorDecideForAllModels() {
        Map<String, Values> merged =
                new RecipeRun(folder)
                        .merge(
                                recipe(
                                        "task_arithmetic",
                                        "weight: 1",
                                        "weight: 1",
                                        "parameters: {lambda: [{filter: norm, value: 0.5}]}"));

        assertThat(changed(merged)).isNotEmpty().isSubsetOf(named("norm"));
    }

    @Test
    void valuesOfOtherLevelsMatchToo() {
        String weight = "weight: [{filter: self_attn, value: 0.75}]";

        Map<String, Values> merged =
                new RecipeRun(folder)
                        .merge(
                                recipe(
                                        "task_arithmetic",
                                        weight,
                                        weight,
                                        "parameters: {weight: [{filter: mlp, value: 1}]}"));

        assertThat(changed(merged)).isEqualTo(union(named("self_attn"), named("mlp")));
    }

    @Test
    void aBaseThatIsAModelLikeTheOthersStaysToo() {
        String weight = "weight: [{filter: self_attn, value: 0.75}]";

        Map<String, Values> merged =
                new RecipeRun(folder)
                        .merge(
                                recipe("linear", weight, weight, "")
                                        .replace(
                                                "models:",
                                                "models:\n- {model: ./base, parameters: {weight:"
                                                        + " 1}}"));

        assertThat(changed(merged)).isNotEmpty().isSubsetOf(named("self_attn"));
    }

    @Test
    void slicesKeepTheBasesLayers() {
        Map<String, Values> merged =
                new RecipeRun(folder)
                        .merge(
                                """
                                merge_method: task_arithmetic
                                base_model: ./base
                                default: base
                                slices:
                                - sources:
                                  - {model: ./base, layer_range: [0, 1]}
                                  - {model: ./a, layer_range: [0, 1], parameters: {weight: [{filter: mlp, value: 1}]}}
                                - sources:
                                  - {model: ./base, layer_range: [1, 2]}
                                  - {model: ./a, layer_range: [1, 2], parameters: {weight: [{filter: q_proj, value: 1}]}}
                                """);

        Set<String> expected = new TreeSet<>();
        named("layers.0.mlp").forEach(expected::add);
        named("layers.1.self_attn.q_proj").forEach(expected::add);
        assertThat(changed(merged)).isEqualTo(expected);
    }

    @Test
    void modulesKeepTheBasesTensors() {
        Map<String, Values> merged =
                new RecipeRun(folder)
                        .merge(
                                """
                                merge_method: task_arithmetic
                                base_model: ./base
                                default: base
                                modules:
                                  default:
                                    models:
                                    - {model: ./a}
                                    parameters: {weight: [{filter: mlp, value: 1}]}
                                """);

        assertThat(changed(merged)).isEqualTo(named("mlp"));
    }

    @Test
    void theListingCountsTensorsThatStay() {
        String weight = "weight: [{filter: mlp, value: 1}]";

        Cli.Result result =
                new RecipeRun(folder)
                        .run(recipe("task_arithmetic", weight, weight, ""), "--dry-run");

        int stay = named("").size() - named("mlp").size();
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out())
                .contains(stay + " tensors stay as in the base model: no filter matches");
    }

    @Test
    void parametersThatAreSetNowhereAreStillMissing() {
        Cli.Result result =
                new RecipeRun(folder).run(recipe("task_arithmetic", "", "weight: 1", ""));

        assertThat(result.code()).isNotZero();
        assertThat(result.err())
                .contains(
                        "merge method 'task_arithmetic' needs parameter 'weight' for model './a'");
    }

    @Test
    void defaultsOfParametersCountIfTheyAreSetNowhere() {
        Map<String, Values> merged =
                new RecipeRun(folder).merge(recipe("consensus", "", "", "parameters: {k: 1}"));

        assertThat(changed(merged)).isEqualTo(named(""));
    }

    @ParameterizedTest
    @CsvSource({"bases, ' (did you mean ''base''?)'", "zero, ''"})
    void anotherWordIsRefused(String word, String suggestion) {
        Cli.Result result =
                new RecipeRun(folder)
                        .run(
                                recipe("task_arithmetic", "weight: 1", "weight: 1", "")
                                        .replace("default: base", "default: " + word));

        assertThat(result.code()).isNotZero();
        assertThat(result.err()).contains("unknown default '" + word + "'" + suggestion);
    }

    @Test
    void aBaseModelIsNeeded() {
        Cli.Result result =
                new RecipeRun(folder)
                        .run(
                                recipe("linear", "weight: 1", "weight: 1", "")
                                        .replace("base_model: ./base\n", ""));

        assertThat(result.code()).isNotZero();
        assertThat(result.err()).contains(NEEDS);
    }
}
