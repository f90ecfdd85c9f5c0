package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LegacyCommandTest {
    private static final String[] DOCUMENTED = {
        "--base-model",
        "base",
        "--merge",
        "a",
        "--weight",
        "0.3",
        "--density",
        "0.5",
        "--merge",
        "b",
        "--weight",
        "0.5",
        "--density",
        "0.5"
    };

    @TempDir private Path folder;

    @BeforeEach
    void writeModels() {
        TinyModel base = TinyModel.llama(1, 20, false, 1).write(folder.resolve("base"), "F32");
        base.tuned(1).write(folder.resolve("a"), "F32");
        base.tuned(2).write(folder.resolve("b"), "F32");
    }

    private Cli.Result legacy(String[] args, String... more) {
        Stream<String> all = Stream.concat(Stream.of(args), Stream.of(more));
        return Cli.run(
                folder, Stream.concat(Stream.of("legacy", "out"), all).toArray(String[]::new));
    }

    private static String[] words(String args) {
        return args.isEmpty() ? new String[0] : args.split(" ");
    }

    @Test
    void aCallRunsTheRecipeThatItPrints() throws IOException {
        Cli.Result made = legacy(DOCUMENTED, "--print-yaml");

        assertThat(made.code()).as(made.err()).isZero();
        assertThat(made.out())
                .isEqualTo(
                        """
                        merge_method: ties
                        base_model: "base"
                        models:
                          - model: "a"
                            parameters:
                              weight: 0.3
                              density: 0.5
                          - model: "b"
                            parameters:
                              weight: 0.5
                              density: 0.5
                        """);
        Files.writeString(folder.resolve("recipe.yml"), made.out());
        assertThat(Cli.run(folder, "yaml", "recipe.yml", "again").code()).isZero();
        assertThat(folder.resolve("again/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("out/model.safetensors"));
    }

    @Test
    void theRecipeIsAmongTheMessagesUnlessItIsAskedFor() {
        Cli.Result shown = legacy(DOCUMENTED, "--dry-run");
        Cli.Result printed = legacy(DOCUMENTED, "--dry-run", "--print-yaml");
        Cli.Result quiet = legacy(DOCUMENTED, "--dry-run", "--quiet");

        assertThat(shown.err())
                .startsWith(
                        "the recipe for this call, for use with mergekit yaml:\n"
                                + "merge_method: ties\n");
        assertThat(shown.out()).startsWith("method    ties");
        assertThat(printed.err()).isEmpty();
        assertThat(printed.out()).startsWith("merge_method: ties").doesNotContain("tensors");
        assertThat(quiet.err()).isEmpty();
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void theRecipeIsShownIfAMessagePointsIntoIt() {
        Cli.Result result =
                legacy(words("--base-model base --merge a --weight 1 --density 2"), "--print-yaml");

        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .startsWith("the generated recipe:\n   1  merge_method: ties\n")
                .contains(
                        "   7        density: 2.0\n",
                        "error: the generated recipe:7:7: 'density' is out of range");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --normalize --int8-mask --bf16 | 'parameters:\n  normalize: true\n  int8_mask: true\ndtype: bfloat16\n'
                    --no-normalize --no-int8-mask --no-bf16 | 'parameters:\n  normalize: false\n'
                    """)
    void switchesAreParametersOfTheRecipe(String switches, String end) {
        Cli.Result result = legacy(DOCUMENTED, words("--dry-run --print-yaml " + switches));

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).endsWith("      density: 0.5\n" + end.replace("\\n", "\n"));
    }

    @Test
    void aMethodWithoutABaseAndDensitiesNeedsNone() {
        Cli.Result result =
                legacy(
                        words(
                                "--method linear --merge a --weight 1 --merge b --weight 3 --int8-mask"),
                        "--dry-run",
                        "--print-yaml",
                        "--strict");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out())
                .startsWith("merge_method: linear\nmodels:\n")
                .doesNotContain("density", "int8_mask");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    2 | --base-model base | error: --merge: no model is given
                    2 | --merge a --weight 1 --density 1 | error: --base-model: merge method 'ties' needs a base model
                    2 | --base-model base --merge a --density 1 | error: --weight: each model needs one weight (expected 1, one for each --merge, found 0)
                    2 | --base-model base --merge a --weight 1 | error: --density: each model needs one density (expected 1, one for each --merge, found 0)
                    2 | --base-model base --merge a --weight 1 --weight 2 --density 1 | error: --weight: each model needs one weight (expected 1, one for each --merge, found 2)
                    2 | --base-model base --merge a --weight NaN --density 1 | error: --weight: is not finite
                    2 | --base-model base --merge a --weight much --density 1 | Invalid value for option '--weight' (WEIGHT): 'much' is not a number
                    2 | --base-model base --merge a --weight 1 --density 2 | : 'density' is out of range
                    2 | --method tis --base-model base --merge a --weight 1 | error: --method: unknown merge method 'tis' (did you mean 'ties'?)
                    2 | --method slerp --base-model base --merge a | error: --method: merge method 'slerp' needs 't', which cannot be set by an option
                    2 | --method linear --base-model base --merge a --weight 1 | error: --base-model: merge method 'linear' takes no base model
                    2 | --method linear --merge a --weight 1 --density 1 | error: --density: merge method 'linear' has no 'density'
                    2 | --method karcher --merge a --merge b --normalize | error: --normalize: merge method 'karcher' has no 'normalize'
                    2 | --base-model base --merge a --weight 1 --density 1 --naive-count | error: --naive-count: no merge method counts signs
                    2 | --base-model base --merge a@ --weight 1 --density 1 | model reference 'a@' has an empty revision
                    3 | --base-model base --merge nowhere --weight 1 --density 1 | error: nowhere:
                    2 | --merge a --weight 1 --method linear --dry-run --print-yaml --format json | error: --format json: --print-yaml prints the recipe instead of the plan
                    """)
    void badInputIsRefused(int code, String args, String message) {
        Cli.Result result = legacy(words(args));

        assertThat(result.err()).contains(message).doesNotContain("Exception", "defect");
        assertThat(result.code()).isEqualTo(code);
        assertThat(folder.resolve("out")).doesNotExist();
    }
}
