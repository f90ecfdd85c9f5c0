package jmergekit.evolve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jmergekit.config.Searches;
import jmergekit.evolve.SearchedRecipe.Baseline;
import jmergekit.fixture.LocalModels;
import jmergekit.problem.Problems;
import jmergekit.search.Point;
import jmergekit.search.Variable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StackedRecipeTest {
    @TempDir private Path folder;
    private final Problems problems = new Problems();

    @BeforeEach
    void writeModels() throws IOException {
        for (String model : List.of("a", "b")) {
            Path config = folder.resolve(model).resolve("config.json");
            Files.createDirectories(config.getParent());
            Files.writeString(config, "{\"num_hidden_layers\": 8}");
        }
    }

    private SearchedRecipe stack(String... lines) {
        String text = "stack:\n  " + String.join("\n  ", lines) + "\n" + Searches.TASKS;
        return SearchedRecipes.of(Searches.read(text), LocalModels.in(folder), problems)
                .orElseThrow();
    }

    @Test
    void blocksAreChosenAndOrdered() {
        SearchedRecipe recipe =
                stack(
                        "blocks:",
                        "  - {model: a, layers: [0, 4]}",
                        "  - {model: a, layers: [4, 8], always: true}",
                        "  - {model: b, layers: [0, 4], scale: [0.5, 1.5]}",
                        "base_model: a",
                        "dtype: bfloat16",
                        "tokenizer_source: a");

        assertThat(recipe.space().variables())
                .containsExactly(
                        new Variable.Order("order", 3),
                        new Variable.Flag("a · layers 0-4", true),
                        new Variable.Flag("b · layers 0-4", true),
                        new Variable.Real("b · layers 0-4 · scale", 0.5, 1.5, false, 1));
        assertThat(recipe.recipe(new Point(2, 1, 0, 0, 1, 0.75)))
                .isEqualTo(
                        """
                        merge_method: passthrough
                        base_model: a
                        slices:
                          - sources:
                              - model: b
                                layer_range: [0, 4]
                                parameters:
                                  scale:
                                    - filter: o_proj
                                      value: 0.75
                                    - filter: down_proj
                                      value: 0.75
                                    - value: 1.0
                          - sources:
                              - model: a
                                layer_range: [4, 8]
                        dtype: bfloat16
                        tokenizer_source: a
                        """);
        assertThat(recipe.baselines()).extracting(Baseline::name).containsExactly("a", "b");
    }

    @Test
    void withoutAnyChosenTheFirstStays() {
        SearchedRecipe recipe =
                stack(
                        "blocks:",
                        "  - {model: a, layers: [0, 4]}",
                        "  - {model: b, layers: [4, 8]}");

        assertThat(recipe.recipe(new Point(1, 0, 0, 0)))
                .isEqualTo(
                        """
                        merge_method: passthrough
                        slices:
                          - sources:
                              - model: b
                                layer_range: [4, 8]
                        """);
    }

    @Test
    void repeatedBlocksComeInASecondRow() {
        SearchedRecipe recipe =
                stack(
                        "blocks:",
                        "  - {model: a, layers: [0, 4], always: true}",
                        "  - {model: b, layers: [4, 8]}",
                        "order: false",
                        "repeat: 2",
                        "scale: [2, 3]");

        assertThat(recipe.space().variables())
                .extracting(Variable::name)
                .containsExactly(
                        "a · layers 0-4 · scale",
                        "b · layers 4-8",
                        "b · layers 4-8 · scale",
                        "a · layers 0-4 (2)",
                        "a · layers 0-4 (2) · scale",
                        "b · layers 4-8 (2)",
                        "b · layers 4-8 (2) · scale");
        assertThat(recipe.space().start()).isEqualTo(new Point(2, 1, 2, 0, 2, 0, 2));
        assertThat(recipe.recipe(new Point(2, 0, 2, 1, 2.5, 1, 3)).lines())
                .filteredOn(l -> l.contains("layer_range") || l.contains("value: "))
                .extracting(String::strip)
                .containsExactly(
                        "layer_range: [0, 4]",
                        "value: 2.0",
                        "value: 2.0",
                        "- value: 1.0",
                        "layer_range: [0, 4]",
                        "value: 2.5",
                        "value: 2.5",
                        "- value: 1.0",
                        "layer_range: [4, 8]",
                        "value: 3.0",
                        "value: 3.0",
                        "- value: 1.0");
    }

    @Test
    void aBlockBeyondTheLastLayer() {
        String text = "stack:\n  blocks: [{model: a, layers: [4, 9]}]\n" + Searches.TASKS;

        assertThat(SearchedRecipes.of(Searches.read(text), LocalModels.in(folder), problems))
                .isEmpty();
        assertThat(problems.all().getFirst().toString())
                .startsWith(
                        "s.yml:2:31: 'a' has fewer layers (expected layers up to 8, found [4, 9])");
    }
}
