package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Recipes that do not go together, and places that are in the way.
class MultiRefusalsTest extends MultiRuns {
    @Test
    void aMixtureInsideARecipeNeedsAFolder() {
        String mixture =
                """
                name: mixture
                base_model: a
                gate_mode: random
                experts: [{source_model: b}, {source_model: c}]
                dtype: float32
                """;
        String last = "---\nmerge_method: passthrough\nmodels: [{model: mixture}]\n";

        Cli.Result inside = multi(mixture + last, "--out-path", "out");
        assertThat(inside.code()).isEqualTo(2);
        assertThat(inside.err())
                .contains("all.yml:1:1", "'mixture' makes a mixture", "--intermediate-dir");

        Cli.Result apart = multi(mixture + last, "--out-path", "out", "-I", "stages");
        assertThat(apart.code()).as(apart.err()).isZero();
    }

    @Test
    void mistakesOfAllStagesAreFoundBeforeAnythingIsMade() {
        String recipes =
                stages("float32", "float32")
                        .replace("model: b,", "model: nowhere/b/c,")
                        .replace("density: 0.6", "density: many");

        for (String[] more : new String[][] {{}, {"-I", "stages"}}) {
            List<String> args = new ArrayList<>(List.of("--out-path", "out"));
            args.addAll(List.of(more));
            Cli.Result result = multi(recipes, args.toArray(String[]::new));

            assertThat(result.code()).isIn(2, 3);
            assertThat(result.err()).contains("density");
            assertThat(folder.resolve("stages")).doesNotExist();
            assertThat(folder.resolve("out")).doesNotExist();
        }
    }

    @Test
    void aMissingModelOfOneStageIsSaidWithThatOfAnother() {
        String recipes =
                FIRST.formatted("float32").replace("model: b,", "model: ./nowhere,")
                        + "---\nname: other\nmerge_method: passthrough\nmodels: [{model: ./neither}]\n";

        Cli.Result result = multi(recipes, "-I", "stages");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains("./nowhere", "./neither");
        assertThat(folder.resolve("stages")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"b", "c"})
    void aNameThatCouldMeanAFolderIsRefused(String name) {
        Cli.Result result =
                multi(FIRST.formatted("float32").replace("first", name), "-I", "stages");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("all.yml:1:1", "'" + name + "' could mean");
    }

    @Test
    void circlesAreRefusedWithTheWayAround() {
        String recipes =
                FIRST.formatted("float32").replace("model: a", "model: second")
                        + "---\n"
                        + SECOND.formatted("float32");

        Cli.Result result = multi(recipes, "--out-path", "out");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("'first' needs 'second' needs 'first'");
    }

    @Test
    void aRecipeThatNeedsItselfIsACircle() {
        Cli.Result result =
                multi(FIRST.formatted("float32").replace("model: a", "model: first"), "-I", "s");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("'first' needs 'first'");
    }

    @Test
    void aMisspeltNameIsRecognised() {
        Cli.Result result =
                multi(
                        stages("float32", "float32").replace("model: first}]", "model: frist}]"),
                        "--out-path",
                        "out");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("no recipe has the name 'frist'", "did you mean 'first'?");
    }

    @Test
    void aNameHasNoRevision() {
        Cli.Result result =
                multi(
                        stages("float32", "float32")
                                .replace("model: first}]", "model: first@main}]"),
                        "--out-path",
                        "out");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("'first' is a recipe in this file", "@main");
    }

    @Test
    void placesThatAreMissingOrInEachOthersWayAreRefused() {
        String recipes = stages("float32", "float32");
        assertThat(multi(recipes, "-I", "s").err()).contains("--out-path: is missing");
        assertThat(multi(FIRST.formatted("float32")).err())
                .contains("--intermediate-dir: is missing");
        assertThat(multi(recipes, "--out-path", "s/first", "-I", "s").err())
                .contains("also the folder of a named recipe");
        assertThat(multi(recipes, "--out-path", "s", "-I", "s").err()).contains("would be inside");
        assertThat(multi(recipes, "--out-path", "s", "-I", "s").code()).isEqualTo(2);
        String idle = recipes + "---\n" + FIRST.replace("first", "idle").formatted("float32");
        assertThat(multi(idle, "--out-path", "out").err())
                .contains("the output of 'idle' has no folder, and no other recipe uses it");
    }

    @Test
    void severalRecipesGivenToTheCommandForOneAreSentHere() {
        write("all.yml", stages("float32", "float32"));

        Cli.Result result = Cli.run(folder, "yaml", "all.yml", "out");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("run mergekit-multi with it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--quiet", "-I=stages"})
    void strictRefusesWarningsOfTheRecipesAndOfTheirModels(String more) throws IOException {
        String odd = stages("float32", "float32").replace("weight: 0.7}", "weight: 0.7}, foo: 1");
        String[] args = {"--out-path=out", "--strict", more};

        Cli.Result recipe = multi(odd, args);
        assertThat(recipe.code()).isEqualTo(2);
        assertThat(recipe.err()).contains("error: all.yml").doesNotContain("warning:");

        TinyModel.llama(2, 16, false, 0)
                .config("rms_norm_eps", 1e-5)
                .write(folder.resolve("a"), "F32");
        TinyModel.llama(2, 16, false, 0)
                .tuned(2)
                .config("rms_norm_eps", 0.5)
                .write(folder.resolve("c"), "F32");
        Cli.Result model = multi(stages("float32", "float32"), args);
        assertThat(model.code()).isEqualTo(3);
        assertThat(model.err()).contains("rms_norm_eps");
        assertThat(folder.resolve("stages")).doesNotExist();
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void outputsThatHaveNoPlaceAreSaidTogether() throws IOException {
        for (String name : List.of("first", "other")) {
            Files.createDirectories(folder.resolve("out").resolve(name));
            write("out/" + name + "/notes.txt", "mine");
        }
        String other = "---\n" + FIRST.replace("first", "other").formatted("float32");

        Cli.Result result = multi(FIRST.formatted("float32") + other, "--out-path", "out");

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err()).contains("out/first: the output", "out/other: the output");
    }

    @Test
    void aChainThatIsTooLongIsRefused() {
        StringBuilder recipes = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            recipes.append(
                    "name: s%d\nmerge_method: passthrough\nmodels: [{model: %s}]\n---\n"
                            .formatted(i, i == 0 ? "a" : "s" + (i - 1)));
        }
        recipes.append("merge_method: passthrough\nmodels: [{model: s4999}]\n");

        Cli.Result result = multi(recipes.toString(), "--out-path", "out");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("the chain of recipes that need each other is too long", "at most 256");
    }

    @Test
    void aRecipeOfTheFileAsAnAdapterIsNotLookedForOnTheHub() {
        String recipes =
                FIRST.formatted("float32")
                        + "---\nmerge_method: passthrough\nmodels: [{model: c+first}]\n";

        Cli.Result result = multi(recipes, "--out-path", "out");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("all.yml:9", "'c+first' uses a recipe of this file");
    }

    @Test
    void thePathOfAnOutputIsNoNameOfIt() {
        Cli.Result result =
                multi(
                        stages("float32", "float32").replace("model: first}]", "model: st/first}]"),
                        "--out-path",
                        "out",
                        "-I",
                        "st");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("'st/first' is the output path", "use its name, 'first'");
    }

    @Test
    void noLazyWithoutFoldersIsPointedOut() {
        assertThat(multi(FIRST.formatted("float32"), "--out-path", "out", "--no-lazy").err())
                .contains("--no-lazy: has no effect without --intermediate-dir");
    }
}
