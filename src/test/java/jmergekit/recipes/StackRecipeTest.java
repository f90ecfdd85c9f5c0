package jmergekit.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jmergekit.config.MergeConfig;
import jmergekit.config.RecipeReader;
import jmergekit.model.ModelReference;
import jmergekit.planner.References;
import jmergekit.problem.Problems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StackRecipeTest {
    @Test
    void layersThatFollowEachOtherAreOneSlice() {
        List<ChosenLayer> layers =
                List.of(
                        new ChosenLayer(1, 0),
                        new ChosenLayer(1, 1),
                        new ChosenLayer(0, 2),
                        new ChosenLayer(0, 2),
                        new ChosenLayer(0, 1));

        assertThat(
                        StackRecipe.text(
                                LayerRun.of(List.of("./a", "b"), layers), Optional.of("float16")))
                .isEqualTo(
                        """
                        merge_method: passthrough
                        slices:
                          - sources:
                              - model: "b"
                                layer_range: [0, 2]
                          - sources:
                              - model: ./a
                                layer_range: [2, 3]
                          - sources:
                              - model: ./a
                                layer_range: [2, 3]
                          - sources:
                              - model: ./a
                                layer_range: [1, 2]
                        dtype: float16
                        """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org/model",
                "/models/base v2: final #1",
                "null",
                "12",
                "~/x",
                "it's \"quoted\\",
                "tab\there",
                "models/日本語/🦙",
                "line\nbreak",
                "del\u007f nel\u0085 sep\u2028 joiner\u200d mark\ufeff",
                "- a/b",
                "*a/b",
                "a/b: c"
            })
    void aModelsNameIsReadBackAsItIs(String name) {
        Problems problems = new Problems();
        String text = StackRecipe.text(List.of(new LayerRun(name, 0, 1)), Optional.empty());

        Optional<MergeConfig> read =
                new RecipeReader(Path.of("nowhere")).read("recipe.yml", text, problems);

        assertThat(problems.all()).isEmpty();
        assertThat(References.all(read.orElseThrow())).containsExactly(ModelReference.of(name));
    }
}
