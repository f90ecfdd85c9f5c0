package jmergekit.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import jmergekit.method.MergeMethods;
import jmergekit.problem.Problems;
import org.junit.jupiter.api.Test;

/// Recipes given to a command that is not theirs, and keys of one kind of recipe in another.
final class RecipeKindTest {
    private static final String MERGE = "merge_method: linear\nmodels: [{model: a}]\n";
    private static final String MIXTURE = "base_model: a\nexperts: [{source_model: b}]\n";

    private static List<String> mixtureReports(String text) {
        Problems problems = new Problems();
        new MixtureReader(Path.of("nowhere")).read("r.yml", text, problems);
        return problems.all().stream().map(p -> p.toString().lines().findFirst().get()).toList();
    }

    @Test
    void aMixtureGivenToYaml() {
        assertThat(Recipes.reports(MIXTURE))
                .containsExactly(
                        "r.yml:1:1: this is a recipe for mergekit-moe (expected one for"
                                + " mergekit-yaml, with 'merge_method' and 'models'); run"
                                + " mergekit-moe with it");
        assertThat(Recipes.reports("base_model: a\ngate_mode: random\n").getFirst())
                .contains("this is a recipe for mergekit-moe");
    }

    @Test
    void aMergeGivenToMoe() {
        assertThat(mixtureReports(MERGE))
                .containsExactly(
                        "r.yml:1:1: this is a recipe for mergekit-yaml (expected one for"
                                + " mergekit-moe, with 'base_model' and 'experts'); run"
                                + " mergekit-yaml with it");
        assertThat(mixtureReports("slices: []\nmerge_method: passthrough\n")).hasSize(1);
    }

    @Test
    void aGenomeGivenToEither() {
        String genome = "genome:\n  models: [a, b]\n  merge_method: linear\ntasks: [{name: x}]\n";
        assertThat(Recipes.reports(genome))
                .containsExactly(
                        "r.yml:1:1: this is a recipe for mergekit-evolve (expected one for"
                                + " mergekit-yaml, with 'merge_method' and 'models');"
                                + " run mergekit-evolve with it");
        assertThat(mixtureReports(genome).getFirst()).contains("a recipe for mergekit-evolve");
    }

    @Test
    void aKeyOfAnotherKindOfRecipe() {
        assertThat(Recipes.reports(MERGE + "experts_per_token: 2\n"))
                .containsExactly(
                        "r.yml:3:1: unknown key 'experts_per_token' at the top level; it belongs at"
                                + " the top level of a recipe for mergekit-moe");
        assertThat(mixtureReports("base_model: a\nexperts: [{source_model: b, layer_range: 1}]\n"))
                .containsExactly(
                        "r.yml:2:29: unknown key 'layer_range' in an expert; it belongs in an entry"
                                + " of 'sources' of a recipe for mergekit-yaml");
    }

    @Test
    void aKeyOfTheSameRecipeInAnotherPlace() {
        assertThat(Recipes.reports("merge_method: x\nmodels: [{model: a, base_model: b}]\n"))
                .containsExactly(
                        "r.yml:2:21: unknown key 'base_model' in an entry of 'models'; it belongs at"
                                + " the top level");
        assertThat(mixtureReports("base_model: a\nexperts: [{model: b}]\n"))
                .containsExactlyInAnyOrder(
                        "r.yml:2:12: unknown key 'model' in an expert (did you mean"
                                + " 'source_model'?)",
                        "r.yml:2:11: no 'source_model' in an entry of 'experts'");
    }

    @Test
    void noPlaceIsNamedTwice() {
        for (Section section : Section.values()) {
            for (Section other : Section.values()) {
                Problems problems = new Problems();
                String keys = String.join(": 1, ", other.keys()) + ": 1";
                YamlNode.Mapping mapping =
                        (YamlNode.Mapping)
                                YamlReader.documents(
                                                SourceText.of("r.yml", "{" + keys + "}"), problems)
                                        .getFirst();
                section.reportUnknownKeys(mapping, MergeMethods.builtIn(), problems);
                assertThat(problems.all())
                        .allSatisfy(p -> {
                            String hint = p.hint() == null ? "" : p.hint();
                            String place = hint.replaceFirst("^it belongs ", "");
                            assertThat(place.isEmpty() || !p.what().endsWith(place))
                                    .as(p.toString())
                                    .isTrue();
                        });
            }
        }
    }
}
