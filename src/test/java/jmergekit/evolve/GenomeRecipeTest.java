package jmergekit.evolve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jmergekit.config.Searches;
import jmergekit.evolve.SearchedRecipe.Baseline;
import jmergekit.evolve.SearchedRecipe.Kind;
import jmergekit.fixture.LocalModels;
import jmergekit.problem.Problems;
import jmergekit.search.Point;
import jmergekit.search.Variable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GenomeRecipeTest {
    @TempDir private Path folder;
    private final Problems problems = new Problems();

    @BeforeEach
    void writeModel() throws IOException {
        config("math", "{\"num_hidden_layers\": 4}");
    }

    private void config(String model, String json) throws IOException {
        Path config = folder.resolve(model).resolve("config.json");
        Files.createDirectories(config.getParent());
        Files.writeString(config, json);
    }

    private SearchedRecipe genome(String... lines) {
        String text = "genome:\n  " + String.join("\n  ", lines) + "\n" + Searches.TASKS;
        return SearchedRecipes.of(Searches.read(text), LocalModels.in(folder), problems)
                .orElseThrow();
    }

    private List<String> reports(String... lines) {
        String text = "genome:\n  " + String.join("\n  ", lines) + "\n" + Searches.TASKS;
        assertThat(SearchedRecipes.of(Searches.read(text), LocalModels.in(folder), problems))
                .isEmpty();
        return problems.all().stream().map(p -> p.toString().lines().findFirst().get()).toList();
    }

    private static List<String> names(SearchedRecipe recipe) {
        return recipe.space().variables().stream().map(Variable::name).toList();
    }

    @Test
    void linearWithoutABase() {
        SearchedRecipe recipe = genome("models: [math, words]", "merge_method: linear");

        assertThat(names(recipe)).containsExactly("math · weight", "words · weight");
        assertThat(recipe.space().start()).isEqualTo(new Point(0.5, 0.5));
        assertThat(recipe.recipe(new Point(-0.25, 1.5)))
                .isEqualTo(
                        """
                        merge_method: linear
                        slices:
                          - sources:
                              - model: math
                                layer_range: [0, 4]
                                parameters:
                                  weight: 0.25
                              - model: words
                                layer_range: [0, 4]
                                parameters:
                                  weight: 1.5
                        parameters:
                          normalize: true
                          int8_mask: true
                        dtype: bfloat16
                        """);
    }

    @Test
    void aBaseThatIsNoModelOfALinearMergeCountsForNothing() {
        SearchedRecipe recipe =
                genome("models: [math]", "merge_method: linear", "base_model: base");

        assertThat(recipe.recipe(new Point(1)))
                .contains(
                        "      - model: base\n        layer_range: [0, 4]\n"
                                + "        parameters:\n          weight: 0.0\n");
    }

    @Test
    void taskArithmeticByLayersAndFilters() {
        SearchedRecipe recipe =
                genome(
                        "models: [math, words]",
                        "merge_method: task_arithmetic",
                        "base_model: base",
                        "layer_granularity: 2",
                        "allow_negative_weights: true",
                        "filters: [self_attn]",
                        "tokenizer_source: union");

        assertThat(names(recipe))
                .containsExactly(
                        "layers 0-2 · math · self_attn · weight",
                        "layers 0-2 · math · rest · weight",
                        "layers 0-2 · words · self_attn · weight",
                        "layers 0-2 · words · rest · weight",
                        "layers 2-4 · math · self_attn · weight",
                        "layers 2-4 · math · rest · weight",
                        "layers 2-4 · words · self_attn · weight",
                        "layers 2-4 · words · rest · weight");
        assertThat(recipe.recipe(new Point(0, 1, 2, 3, -4, 5, 6, 1e-5)))
                .isEqualTo(
                        """
                        merge_method: task_arithmetic
                        base_model: base
                        slices:
                          - sources:
                              - model: math
                                layer_range: [0, 2]
                                parameters:
                                  weight:
                                    - filter: self_attn
                                      value: 0.0
                                    - value: 1.0
                              - model: words
                                layer_range: [0, 2]
                                parameters:
                                  weight:
                                    - filter: self_attn
                                      value: 2.0
                                    - value: 3.0
                              - model: base
                                layer_range: [0, 2]
                          - sources:
                              - model: math
                                layer_range: [2, 4]
                                parameters:
                                  weight:
                                    - filter: self_attn
                                      value: -4.0
                                    - value: 5.0
                              - model: words
                                layer_range: [2, 4]
                                parameters:
                                  weight:
                                    - filter: self_attn
                                      value: 6.0
                                    - value: 0.000010
                              - model: base
                                layer_range: [2, 4]
                        parameters:
                          int8_mask: true
                        dtype: bfloat16
                        tokenizer_source: union
                        """);
    }

    @Test
    void tiesWithItsBaseAmongTheModels() throws IOException {
        config("base", "{\"num_hidden_layers\": 4}");
        SearchedRecipe recipe =
                genome(
                        "models: [base, math]",
                        "merge_method: ties",
                        "base_model: base",
                        "normalize: false");
        assertThat(names(recipe))
                .containsExactly(
                        "base · weight", "base · density", "math · weight", "math · density");
        assertThat(recipe.space().start()).isEqualTo(new Point(0.5, 1, 0.5, 1));
        assertThat(recipe.recipe(new Point(-1, -0.5, 0.25, 7)))
                .isEqualTo(
                        """
                        merge_method: ties
                        base_model: base
                        slices:
                          - sources:
                              - model: base
                                layer_range: [0, 4]
                                parameters:
                                  weight: 1.0
                                  density: 0.5
                              - model: math
                                layer_range: [0, 4]
                                parameters:
                                  weight: 0.25
                                  density: 1.0
                        parameters:
                          normalize: false
                          int8_mask: true
                        dtype: bfloat16
                        """);
    }

    @Test
    void smoothDareTies() {
        SearchedRecipe recipe =
                genome(
                        "models: [math]",
                        "merge_method: dare_ties",
                        "base_model: base",
                        "layer_granularity: 2",
                        "smooth: true",
                        "filters: [mlp]");

        assertThat(names(recipe).get(5)).isEqualTo("layers 2-4 · math · mlp · density");
        assertThat(recipe.recipe(new Point(1, 0.1, 2, 0.2, -3, 0.3, 4, 0.4)))
                .isEqualTo(
                        """
                        merge_method: dare_ties
                        base_model: base
                        models:
                          - model: math
                            parameters:
                              weight:
                                - filter: mlp
                                  value: [1.0, 3.0]
                                - value: [2.0, 4.0]
                              density:
                                - filter: mlp
                                  value: [0.1, 0.3]
                                - value: [0.2, 0.4]
                        parameters:
                          normalize: true
                          int8_mask: true
                        dtype: bfloat16
                        """);
    }

    @Test
    void slerpTakesTheTwoLargest() {
        SearchedRecipe recipe =
                genome(
                        "models: [math, words, code]",
                        "merge_method: slerp",
                        "layer_granularity: 2");

        assertThat(recipe.recipe(new Point(1, -2, 1.5, 0.25, 0.25, -7)))
                .isEqualTo(
                        """
                        merge_method: slerp
                        slices:
                          - sources:
                              - model: code
                                layer_range: [0, 2]
                              - model: math
                                layer_range: [0, 2]
                            base_model: code
                            parameters:
                              t: 0.3775406687981454
                          - sources:
                              - model: math
                                layer_range: [2, 4]
                              - model: words
                                layer_range: [2, 4]
                            base_model: math
                            parameters:
                              t: 0.5
                        parameters:
                          int8_mask: true
                        dtype: bfloat16
                        """);
    }

    @Test
    void aModelWithPartsCountsTheLayersOfItsText() throws IOException {
        config(
                "math",
                "{\"text_config\": {\"num_hidden_layers\": 6},"
                        + " \"vision_config\": {\"num_hidden_layers\": 9}}");

        assertThat(genome("models: [math]", "merge_method: linear").recipe(new Point(1)))
                .contains("layer_range: [0, 6]");
    }

    @Test
    void layersMustDivide() {
        assertThat(reports("models: [math]", "merge_method: linear", "layer_granularity: 3"))
                .containsExactly(
                        "s.yml:4:22: 'layer_granularity' does not divide the number of layers (expected a"
                                + " divisor of 4, the layers of 'math', found 3)");
    }

    @Test
    void aModelThatIsMissingOrDoesNotCountItsLayers() throws IOException {
        assertThat(reports("models: [./none]", "merge_method: linear").getFirst())
                .startsWith("./none: no such model folder");
        config("odd", "{}");
        assertThat(reports("models: [odd]", "merge_method: linear").getLast())
                .startsWith("odd/config.json: does not contain the number of layers");
    }

    @Test
    void baselines() {
        SearchedRecipe recipe =
                genome(
                        "models: [math, org/words]",
                        "merge_method: ties",
                        "base_model: base",
                        "tokenizer_source: base");

        assertThat(recipe.baselines())
                .extracting(Baseline::name)
                .containsExactly("math", "org/words", "base", "equal weights");
        assertThat(recipe.baselines())
                .extracting(Baseline::kind)
                .containsExactly(Kind.PARENT, Kind.PARENT, Kind.BASE, Kind.EQUAL);
        assertThat(recipe.baselines().getFirst().recipe())
                .isEqualTo(
                        """
                        merge_method: passthrough
                        models:
                          - model: math
                        dtype: bfloat16
                        """);
        assertThat(recipe.baselines().getLast().recipe())
                .isEqualTo(
                        """
                        merge_method: linear
                        models:
                          - model: math
                          - model: org/words
                        parameters:
                          weight: 1.0
                          normalize: true
                        dtype: bfloat16
                        tokenizer_source: base
                        """);
    }

    @Test
    void aModelThatIsItsOwnBaseIsAParentOnce() {
        SearchedRecipe recipe =
                genome("models: [math, words]", "merge_method: ties", "base_model: math");

        assertThat(recipe.baselines()).extracting(Baseline::name).containsExactly("math", "words");
    }

    @Test
    void modelsOfOneNameAreToldApart() {
        assertThat(names(genome("models: [math, x/math]", "merge_method: linear")))
                .containsExactly("math · weight", "x/math · weight");
    }
}
