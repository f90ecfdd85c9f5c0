package jmergekit.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jmergekit.config.RecipeReader;
import jmergekit.fixture.LocalModels;
import jmergekit.fixture.TinyModel;
import jmergekit.method.Value;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;
import jmergekit.shards.Sharding;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which of several values of a parameter counts.
class ParameterPrecedenceTest {
    /// Parameters of each level, the nearest first. All but the slice's and module's are of `a`.
    private static final List<String> LEVELS =
            List.of("source", "slice", "input_model_parameters", "module", "recipe");

    @TempDir private Path folder;
    private final Problems problems = new Problems();

    @BeforeEach
    void writeModels() {
        TinyModel.llama(1, 24, false, 0).write(folder.resolve("a"), "F32");
        TinyModel.llama(1, 24, false, 1).write(folder.resolve("b"), "F32");
    }

    // The weight of `a` for each tensor.
    private Map<String, Double> weights(String recipe) {
        PlanOptions options =
                new PlanOptions(LocalModels.in(folder), false, Sharding.safetensors(1L << 40), 0);
        PlannedMerge plan =
                new RecipeReader(folder)
                        .read("r.yml", recipe, problems)
                        .map(config -> new Planner(config, options, problems).plan())
                        .orElseThrow(() -> new MergeException(problems.all()));
        Map<String, Double> weights = new TreeMap<>();
        plan.tasks().forEach(task -> weights.put(task.output().name(), weight(task)));
        return weights;
    }

    private static double weight(TensorTask task) {
        Work.Merge merge = (Work.Merge) task.work();
        return ((Value.Number) merge.parameters().perSource().getFirst().get("weight")).number();
    }

    // Level i sets weight i + 1, for the MLP alone or for all tensors; those before `first` do not.
    private static String recipe(int first, boolean mlpAlone) {
        String[] parameters = new String[LEVELS.size()];
        for (int i = 0; i < parameters.length; i++) {
            String value =
                    mlpAlone && i < LEVELS.size() - 1
                            ? "[{filter: mlp, value: %d}]".formatted(i + 1)
                            : String.valueOf(i + 1);
            parameters[i] = i < first ? "" : "weight: " + value;
        }
        return """
        merge_method: linear
        modules:
          default:
            slices:
              - sources:
                  - {model: ./a, layer_range: [0, 1], parameters: {%s}}
                  - {model: ./b, layer_range: [0, 1], parameters: {weight: 9}}
                parameters: {%s}
            parameters: {%4$s}
        input_model_parameters:
          ./a: {%3$s}
          ./b: {weight: 8}
        parameters: {%5$s}
        """
                .formatted((Object[]) parameters);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void theNearestLevelThatHasAValueCounts(int first) {
        assertThat(weights(recipe(first, false)).values())
                .as(LEVELS.get(first))
                .hasSize(12)
                .containsOnly(first + 1.0);
        assertThat(problems.all()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aLevelWithoutAMatchingFilterHasNoValue(int first) {
        weights(recipe(first, true))
                .forEach((tensor, weight) ->
                        assertThat(weight)
                                .as(tensor)
                                .isEqualTo(tensor.contains(".mlp.") ? first + 1.0 : 5.0));
    }

    @Test
    void aWholeModelsOwnParametersAreNearerThanThoseByName() {
        String recipe =
                """
                merge_method: linear
                models:
                  - {model: ./a%s}
                  - {model: ./b, parameters: {weight: 1}}
                input_model_parameters: {./a: {weight: 3}}
                parameters: {weight: 4}
                """;

        assertThat(weights(recipe.formatted("")).values()).containsOnly(3.0);
        assertThat(weights(recipe.formatted(", parameters: {weight: 2}")).values())
                .containsOnly(2.0);
    }

    @Test
    void aParameterByNameCanBeAGradient() {
        TinyModel.llama(3, 24, false, 0).write(folder.resolve("a"), "F32");
        TinyModel.llama(3, 24, false, 1).write(folder.resolve("b"), "F32");

        Map<String, Double> weights =
                weights(
                        """
                        merge_method: linear
                        models: [{model: ./a}, {model: ./b}]
                        input_model_parameters: {./a: {weight: [0, 1]}}
                        parameters: {weight: 4}
                        """);

        assertThat(weights)
                .containsEntry("model.layers.0.input_layernorm.weight", 0.0)
                .containsEntry("model.layers.1.input_layernorm.weight", 0.5)
                .containsEntry("model.layers.2.input_layernorm.weight", 1.0);
    }

    @Test
    void parametersOfAModelThatTakesNoPartAreRefusedInTheirPlace() {
        assertThatThrownBy(() ->
                        weights(
                                """
                                merge_method: linear
                                models: [{model: ./a}, {model: ./b}]
                                parameters: {weight: 1}
                                input_model_parameters:
                                  ./b: {weight: 3}
                                  ./c: {weight: 2}
                                """))
                .hasMessage(
                        """
                        r.yml:6:3: parameters of './c', which is not merged by the recipe (did you mean './a'?) (expected one of ./a, ./b)
                            6 |   ./c: {weight: 2}
                              |   ^^^\
                        """);
    }

    @Test
    void parametersThatNoModelCanHaveAndUnknownOnesAreNamed() {
        weights(
                """
                merge_method: linear
                models: [{model: ./a}, {model: ./b}]
                parameters: {weight: 1}
                input_model_parameters: {./b: {normalize: false, density: 1}}
                """);

        assertThat(problems.all().stream().map(p -> p.toString().lines().findFirst().orElse("")))
                .containsExactly(
                        "r.yml:4:32: 'normalize' has no effect on a single model; move it to the"
                                + " top-level 'parameters'",
                        "r.yml:4:50: unknown parameter 'density' for merge method 'linear'; it "
                                + "belongs to other methods");
    }
}
