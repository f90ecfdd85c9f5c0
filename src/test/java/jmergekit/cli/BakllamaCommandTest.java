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

class BakllamaCommandTest {
    private static final String SLICES =
            """
            layer_slices:
              - model: a
                start: 0
                end: 3
              - model: b
                start: 1
                end: 4
            """;

    @TempDir private Path folder;

    @BeforeEach
    void writeModels() {
        TinyModel.llama(4, 20, false, 1).write(folder.resolve("a"), "F32");
        TinyModel.llama(4, 20, false, 2).write(folder.resolve("b"), "F32");
    }

    private Cli.Result stack(String config, String... options) throws IOException {
        Files.writeString(folder.resolve("old.yml"), config);
        Stream<String> args = Stream.of("bakllama", "old.yml", "out");
        return Cli.run(folder, Stream.concat(args, Stream.of(options)).toArray(String[]::new));
    }

    @Test
    void slicesAreStackedAsTheRecipeThatIsPrinted() throws IOException {
        Cli.Result made = stack(SLICES, "--print-yaml");

        assertThat(made.code()).as(made.err()).isZero();
        assertThat(made.out())
                .isEqualTo(
                        """
                        merge_method: passthrough
                        slices:
                          - sources:
                              - model: "a"
                                layer_range: [0, 3]
                          - sources:
                              - model: "b"
                                layer_range: [1, 4]
                        """);
        assertThat(TinyModel.readConfig(folder.resolve("out")).path("num_hidden_layers").asInt())
                .isEqualTo(6);
        Files.writeString(folder.resolve("recipe.yml"), made.out());
        assertThat(Cli.run(folder, "yaml", "recipe.yml", "again").code()).isZero();
        assertThat(folder.resolve("again/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("out/model.safetensors"));
    }

    @Test
    void embeddingsAreThoseOfTheModelThatIsNamed() throws IOException {
        Cli.Result made = stack("embedding_source: b\nlm_head_source: b\n" + SLICES);

        assertThat(made.code()).as(made.err()).isZero();
        assertThat(made.err())
                .startsWith(
                        "the recipe for old.yml, for use with mergekit yaml:\n"
                                + "merge_method: passthrough\n"
                                + "slices:\n"
                                + "  - sources:\n"
                                + "      - model: \"b\"\n"
                                + "        layer_range: [0, 0]\n");
        String embeddings = "model.embed_tokens.weight";
        assertThat(TinyModel.read(folder.resolve("out")).get(embeddings).data())
                .isEqualTo(TinyModel.read(folder.resolve("b")).get(embeddings).data());
    }

    @Test
    void theRecipeIsShownWithLineNumbersIfAMessagePointsIntoIt() throws IOException {
        Cli.Result result = stack(SLICES.replace("end: 4", "end: 9"), "--quiet");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .startsWith(
                        """
                        the generated recipe:
                           1  merge_method: passthrough
                           2  slices:
                           3    - sources:
                           4        - model: "a"
                           5          layer_range: [0, 3]
                           6    - sources:
                           7        - model: "b"
                           8          layer_range: [1, 9]
                        error: the generated recipe:8:22: layer_range [1, 9] exceeds the 4 layers of 'b'\
                        """);
    }

    @Test
    void theRecipeIsNotShownIfNoMessagePointsIntoIt() throws IOException {
        assertThat(stack(SLICES, "-j", "0").err())
                .startsWith("error: --num-threads: ")
                .doesNotContain("merge_method");
    }

    @Test
    void aFileOfLayerSlicesGivenToYamlIsRecognised() throws IOException {
        Files.writeString(folder.resolve("old.yml"), SLICES);

        assertThat(Cli.run(folder, "yaml", "old.yml", "out").err())
                .startsWith(
                        "error: old.yml:1:1: this is a recipe for bakllama (expected one for"
                                + " mergekit-yaml, with 'merge_method' and 'models'); run bakllama"
                                + " with it");
        assertThat(stack("merge_method: linear\nmodels: [{model: a}]\n").err())
                .startsWith(
                        "error: old.yml:1:1: this is a recipe for mergekit-yaml (expected one for"
                                + " bakllama, with 'layer_slices'); run mergekit-yaml with it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    2 | '' | old.yml: the recipe is empty
                    2 | x: 1 | old.yml:1:1: no 'layer_slices' in the recipe
                    2 | layer_slices: 3 | old.yml:1:15: 'layer_slices' has the wrong form
                    2 | layer_slices: [] | old.yml:1:15: 'layer_slices' has the wrong form
                    2 | layer_slices: [a] | old.yml:1:16: an entry of 'layer_slices' has the wrong form
                    2 | layer_slices: [{start: 0, end: 1}] | no 'model' in an entry of 'layer_slices'
                    2 | layer_slices: [{model: a, end: 1}] | no 'start' in an entry of 'layer_slices'
                    2 | layer_slices: [{model: a, start: 0}] | no 'end' in an entry of 'layer_slices'
                    2 | layer_slices: [{model: a, start: one, end: 2}] | 'start' has the wrong form (expected a whole number, found 'one')
                    2 | layer_slices: [{model: a, start: 2, end: 2}] | 'start' and 'end' give no layers (expected 0 <= start < end; end is exclusive, found 2 and 2)
                    2 | layer_slices: [{model: a, start: -1, end: 2}] | 'start' and 'end' give no layers
                    2 | layer_slices: [{model: a, start: 0, end: 5}] | layer_range [0, 5] exceeds the 4 layers of 'a'
                    2 | layer_slices: [{model: a, start: 0, end: 2, scale: 2}] | it is not documented which tensors 'scale' multiplies
                    2 | layer_slices: [{model: a, start: 0, end: 2, ends: 2}] | error: old.yml:1:45: unknown key 'ends' in an entry of 'layer_slices' (did you mean 'end'?)
                    2 | {embed_source: a, layer_slices: [{model: a, start: 0, end: 2}]} | error: old.yml:1:2: unknown key 'embed_source'
                    2 | {lm_head_source: b, layer_slices: [{model: a, start: 0, end: 2}]} | old.yml:1:18: 'lm_head_source' differs from the model of the last layers
                    3 | layer_slices: [{model: nowhere, start: 0, end: 2}] | error: nowhere:
                    """)
    void badInputIsRefused(int code, String config, String message) throws IOException {
        Cli.Result result = stack(config.equals("''") ? "" : config);

        assertThat(result.err()).contains(message).doesNotContain("Exception", "defect");
        assertThat(result.code()).isEqualTo(code);
        assertThat(folder.resolve("out")).doesNotExist();
    }
}
