package jmergekit.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jmergekit.config.MultiConfig.Stage;
import jmergekit.config.MultiConfig.StageRecipe;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultiReaderTest {
    private static final String MERGE = "merge_method: linear\nmodels: [{model: a}]\n";

    @TempDir private Path folder;
    private final Problems problems = new Problems();

    private Optional<MultiConfig> read(String text) {
        return new MultiReader(folder).read("all.yml", text, problems);
    }

    private List<String> messages() {
        return problems.all().stream().map(Problem::toString).toList();
    }

    @Test
    void eachDocumentIsAStageWithTheTextOfItsOwn() {
        String text =
                """
                # first
                name: one
                merge_method: linear
                models: [{model: a}]
                --- # second
                name: two
                base_model: one
                experts:
                  - {source_model: a, positive_prompts: [x]}
                ---

                merge_method: passthrough
                models: [{model: two}]
                """;
        MultiConfig config = read(text).orElseThrow();

        assertThat(problems.all()).isEmpty();
        assertThat(config.names()).containsExactly("one", "two");
        assertThat(config.unnamed().orElseThrow().at().line()).isEqualTo(12);
        assertThat(config.stages().get(0).recipe()).isInstanceOf(StageRecipe.Merge.class);
        assertThat(config.stages().get(1).recipe()).isInstanceOf(StageRecipe.Mixture.class);
        assertThat(config.text()).isEqualTo(text);
        assertThat(text(config.stages().get(0)))
                .isEqualTo("# first\nname: one\nmerge_method: linear\nmodels: [{model: a}]\n");
        assertThat(text(config.stages().get(2)))
                .isEqualTo("\nmerge_method: passthrough\nmodels: [{model: two}]\n");
    }

    private static String text(Stage stage) {
        return switch (stage.recipe()) {
            case StageRecipe.Merge(MergeConfig merge) -> merge.text();
            case StageRecipe.Mixture(MixtureConfig mixture) -> mixture.text();
        };
    }

    @Test
    void aDocumentMayBeginOnTheLineOfItsSeparator() {
        MultiConfig config =
                read("--- {name: x, merge_method: linear, models: [{model: a}]}\n---\n" + MERGE)
                        .orElseThrow();

        assertThat(text(config.stages().getFirst()))
                .isEqualTo("--- {name: x, merge_method: linear, models: [{model: a}]}\n");
        assertThat(text(config.stages().getLast())).isEqualTo(MERGE);
    }

    @Test
    void oneRecipeIsAFileOfRecipesToo() {
        assertThat(read(MERGE).orElseThrow().stages()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b",
                "'../a'",
                "'.'",
                "'..'",
                ".hidden",
                "a+b",
                "a@b",
                "~a",
                "''",
                "' a'",
                "'a '",
                "a.",
                "null",
                "[a]",
                "'a\\b'",
                "\"a\\nb\""
            })
    void aNameThatIsNotPlainIsRefusedWithItsPlace(String name) {
        assertThat(read("name: " + name + "\n" + MERGE)).isEmpty();
        assertThat(messages())
                .singleElement()
                .asString()
                .startsWith("all.yml:1:7: ")
                .containsAnyOf("not a name for a recipe", "'name' has the wrong form");
    }

    @ParameterizedTest
    @ValueSource(strings = {"first", "1", "a.b-c_d e", "größer", "yes"})
    void plainNamesAreTaken(String name) {
        assertThat(read("name: " + name + "\n" + MERGE).orElseThrow().names())
                .containsExactly(name);
    }

    @Test
    void equalNamesAndSeveralWithoutOneAreSaidTogether() {
        read("name: x\n" + MERGE + "---\n" + MERGE + "---\nname: x\n" + MERGE + "---\n" + MERGE);

        assertThat(messages()).hasSize(2);
        assertThat(messages().get(0)).contains("duplicate recipe name 'x'", "'x' on line 1");
        assertThat(messages().get(1))
                .contains("a second unnamed recipe", "the first unnamed one on line 5");
    }

    @Test
    void mistakesOfAllDocumentsAreFoundInTheOrderOfTheirLines() {
        assertThat(read("merge_method: linear\n---\nname: x\nmodels: [{model: a}]\n")).isEmpty();
        assertThat(messages()).hasSize(2);
        assertThat(messages().get(0)).startsWith("all.yml:1");
        assertThat(messages().get(1)).startsWith("all.yml:3").contains("merge_method");
    }

    @Test
    void aSearchIsNoStage() {
        assertThat(read("genome: {models: [a]}\ntasks: []\n---\n" + MERGE)).isEmpty();
        assertThat(messages()).singleElement().asString().contains("mergekit-evolve");
    }

    @Test
    void aFileWithoutRecipesIsRefused() {
        assertThat(read("# nothing\n")).isEmpty();
        assertThat(messages()).singleElement().asString().contains("the file has no recipe");
    }

    @Test
    void namesThatDifferOnlyInCaseAreOneOnSomeDisks() {
        read("name: Step\n" + MERGE + "---\nname: step\n" + MERGE);

        assertThat(messages())
                .singleElement()
                .asString()
                .contains("duplicate recipe name 'step'", "'Step' on line 1");
    }

    @Test
    void aNameThatIsRefusedIsNotMissing() {
        read("name: a/b\n" + MERGE + "---\n" + MERGE);

        assertThat(messages()).singleElement().asString().contains("not a name for a recipe");
    }

    @Test
    void oldLayerSlicesAreNoStage() {
        read("layer_slices: [{model: a, start: 0, end: 1}]\n---\n" + MERGE);

        assertThat(messages()).singleElement().asString().contains("bakllama");
    }
}
