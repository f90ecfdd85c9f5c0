package jmergekit.evolve;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import jmergekit.MergePlan;
import jmergekit.ModelSettings;
import jmergekit.Models;
import jmergekit.Recipe;
import jmergekit.config.EvolveConfig;
import jmergekit.config.Searches;
import jmergekit.evolve.SearchedRecipe.Baseline;
import jmergekit.fixture.LocalModels;
import jmergekit.fixture.TinyModel;
import jmergekit.problem.Problems;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The recipes that a search begins with, and its baselines, fit models that are alike.
final class PlannedSearchTest {
    @TempDir private Path folder;

    @BeforeEach
    void writeModels() {
        TinyModel base = TinyModel.llama(4, 40, false, 0).write(folder.resolve("base"), "F32");
        base.tuned(1).write(folder.resolve("chat"), "F32");
        base.tuned(2).write(folder.resolve("code"), "F32");
    }

    private List<String> warnings(String text) {
        EvolveConfig config = Searches.read(text);
        SearchedRecipe recipe =
                SearchedRecipes.of(config, LocalModels.in(folder), new Problems()).orElseThrow();
        ModelSettings offline =
                ModelSettings.defaults().offline(true).cache(folder.resolve("no-downloads"));
        try (Models models = Models.open(folder, offline)) {
            MergePlan plan = models.plan(Recipe.parse(recipe.recipe(recipe.space().start())));
            for (Baseline baseline : recipe.baselines()) {
                assertThat(models.plan(Recipe.parse(baseline.recipe())).warnings()).isEmpty();
            }
            return plan.warnings().stream().map(Object::toString).toList();
        }
    }

    private static String genome(String genome) {
        return "genome: {models: [chat, code], " + genome + "}\n" + Searches.TASKS;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "merge_method: linear",
                "merge_method: linear, base_model: base, layer_granularity: 2",
                "merge_method: linear, base_model: base, smooth: true, layer_granularity: 2",
                "merge_method: linear, smooth: true",
                "merge_method: task_arithmetic, base_model: base, layer_granularity: 1",
                "merge_method: ties, base_model: base, filters: [self_attn, mlp]",
                "merge_method: ties, base_model: chat",
                "merge_method: dare_ties, base_model: base, smooth: true, layer_granularity: 2"
            })
    void genomes(String genome) {
        assertThat(warnings(genome(genome))).allMatch(PlannedSearchTest::isOfMergekit);
    }

    @ParameterizedTest
    @ValueSource(strings = {"layer_granularity: 2", "layer_granularity: 0", "base_model: base"})
    void slerp(String genome) {
        assertThat(warnings(genome("merge_method: slerp, " + genome)))
                .allMatch(PlannedSearchTest::isOfMergekit);
    }

    // Not all methods have this parameter, which a genome's recipes have for all.
    private static boolean isOfMergekit(String warning) {
        return warning.contains("'int8_mask'");
    }

    @Test
    void stacks() {
        assertThat(
                        warnings(
                                """
                                stack:
                                  blocks:
                                    - {model: chat, layers: [0, 2]}
                                    - {model: code, layers: [1, 4], scale: [0.5, 2]}
                                  base_model: chat
                                  dtype: bfloat16
                                """
                                        + Searches.TASKS))
                .isEmpty();
    }

    @Test
    void marks() {
        assertThat(
                        warnings(
                                """
                                merge_method: {choice: [della, breadcrumbs]}
                                base_model: base
                                models:
                                - {model: chat, parameters: {weight: {gradient: 2, search: [0, 1]}}}
                                - {model: code, parameters: {weight: {search: [0, 1]}}}
                                parameters: {density: {search: [0.5, 0.8]}}
                                """
                                        + Searches.TASKS))
                .isEmpty();
    }
}
