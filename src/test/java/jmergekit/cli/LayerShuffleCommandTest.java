package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerShuffleCommandTest {
    private static final int DEPTH = 8;

    @TempDir private Path folder;

    @BeforeEach
    void writeModels() {
        TinyModel.llama(DEPTH, 20, false, 1).write(folder.resolve("a"), "F32");
        TinyModel.llama(DEPTH, 20, false, 2).write(folder.resolve("b"), "F32");
    }

    private Cli.Result shuffle(String... args) {
        Stream<String> all = Stream.concat(Stream.of("layershuffle", "out"), Stream.of(args));
        return Cli.run(folder, all.toArray(String[]::new));
    }

    private Map<String, Values> tensors(String name) {
        return TinyModel.read(folder.resolve(name));
    }

    private static boolean isEqual(Values one, Values other) {
        return one.shape().equals(other.shape()) && Arrays.equals(one.data(), other.data());
    }

    @Test
    void everyLayerIsThatLayerOfOneModel() {
        Cli.Result result = shuffle("-m", "a", "-w", "0.5", "-m", "b", "-w", "0.5");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).isEmpty();
        Map<String, Values> a = tensors("a");
        Map<String, Values> b = tensors("b");
        Map<String, Values> out = tensors("out");
        assertThat(out.keySet()).isEqualTo(a.keySet());
        int ofA = 0;
        for (int layer = 0; layer < DEPTH; layer++) {
            String prefix = "model.layers." + layer + ".";
            Map<String, Values> model =
                    isEqual(
                                    out.get(prefix + "mlp.up_proj.weight"),
                                    a.get(prefix + "mlp.up_proj.weight"))
                            ? a
                            : b;
            ofA += model == a ? 1 : 0;
            assertThat(out.keySet())
                    .filteredOn(name -> name.startsWith(prefix))
                    .hasSize(9)
                    .allMatch(name -> isEqual(out.get(name), model.get(name)));
        }
        assertThat(ofA).isBetween(1, DEPTH - 1);
        assertThat(result.err())
                .contains("layers drawn: %d of a, %d of b".formatted(ofA, DEPTH - ofA));
    }

    @Test
    void theRecipeThatItWritesMakesTheSameModel() throws IOException {
        Cli.Result made =
                shuffle(
                        "-m",
                        "a",
                        "-w",
                        "3",
                        "-m",
                        "b",
                        "-w",
                        "1",
                        "--random-seed",
                        "5",
                        "--print-yaml",
                        "--write-yaml",
                        "drawn.yml",
                        "--fp16");

        assertThat(made.code()).as(made.err()).isZero();
        assertThat(made.out())
                .isEqualTo(Files.readString(folder.resolve("drawn.yml")))
                .isEqualTo(Files.readString(folder.resolve("out/mergekit_config.yml")))
                .startsWith("# Layers shuffled by mergekit layershuffle, seed 5\n")
                .endsWith("dtype: float16\n");
        assertThat(made.err()).contains("; weights as probabilities: 0.750, 0.250");
        assertThat(Cli.run(folder, "yaml", "drawn.yml", "again").code()).isZero();
        for (String file : new String[] {"model.safetensors", "config.json"}) {
            assertThat(folder.resolve("again/" + file))
                    .hasSameBinaryContentAs(folder.resolve("out/" + file));
        }
    }

    @Test
    void theExampleIsWhatTheCommandOfItsPageDraws() throws IOException {
        Cli.Result result =
                Cli.run(
                        Path.of("").toAbsolutePath(),
                        "layershuffle",
                        "unused",
                        "-m",
                        "examples/models/chat",
                        "-w",
                        "0.6",
                        "-m",
                        "examples/models/code",
                        "-w",
                        "0.4",
                        "--random-seed",
                        "3",
                        "--dry-run",
                        "--print-yaml");

        assertThat(result.out()).isEqualTo(Files.readString(Path.of("examples/layershuffle.yml")));
        assertThat(result.err())
                .isEqualTo("layers drawn: 2 of examples/models/chat, 2 of examples/models/code\n");
    }

    @Test
    void theSeedDecidesWhatIsDrawn() {
        String[] args = {"-m", "a", "-w", "1", "-m", "b", "-w", "1", "--dry-run", "--print-yaml"};
        String drawn = shuffle(args).out();

        assertThat(shuffle(args).out()).isEqualTo(drawn);
        String[] other =
                Stream.concat(Stream.of(args), Stream.of("--random-seed", "1"))
                        .toArray(String[]::new);
        assertThat(shuffle(other).out().lines().skip(1).toList())
                .isNotEqualTo(drawn.lines().skip(1).toList());
    }

    @Test
    void aDryRunPrintsThePlanUnlessTheRecipeIsAskedFor() {
        Cli.Result plan = shuffle("-m", "a", "-w", "1", "--dry-run");
        Cli.Result json = shuffle("-m", "a", "-w", "1", "--dry-run", "--format", "json");
        Cli.Result recipe = shuffle("-m", "a", "-w", "1", "--dry-run", "--print-yaml", "-q");

        assertThat(plan.out()).startsWith("method    passthrough");
        assertThat(json.out()).startsWith("{");
        assertThat(recipe.out()).startsWith("# Layers shuffled").doesNotContain("tensors");
        assertThat(recipe.err()).isEmpty();
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void fullRandomTakesLayersOfModelsOfAnyDepth() {
        TinyModel.llama(3, 20, false, 3).write(folder.resolve("flat"), "F32");

        Cli.Result result =
                shuffle("-m", "a", "-w", "0.5", "-m", "flat", "-w", "0.67", "--full-random");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).contains("layers drawn: 4 of a, 2 of flat\n");
        assertThat(TinyModel.readConfig(folder.resolve("out")).path("num_hidden_layers").asInt())
                .isEqualTo(6);
    }

    @Test
    void aRecipeThatWasDrawnBeforeIsReplaced() throws IOException {
        Path drawn =
                Files.writeString(
                        folder.resolve("drawn.yml"),
                        "# Layers shuffled by mergekit layershuffle, seed 99\n");

        assertThat(shuffle("-m", "a", "-w", "1", "--dry-run", "--write-yaml", "drawn.yml").code())
                .isZero();
        assertThat(drawn).content().contains("seed 0\n", "layer_range: [0, 8]");
    }

    @Test
    void weightsWhoseSumNoDoubleHoldsAreShares() {
        assertThat(shuffle("-m", "a", "-w", "1e308", "-m", "b", "-w", "1e308", "--dry-run").err())
                .contains("; weights as probabilities: 0.500, 0.500\n");
    }

    @Test
    void theFileBehindALinkGetsTheRecipe() throws IOException {
        Path drawn =
                Files.writeString(
                        folder.resolve("drawn.yml"),
                        "# Layers shuffled by mergekit layershuffle, seed 99\n");
        Path link = Files.createSymbolicLink(folder.resolve("link.yml"), drawn);

        assertThat(shuffle("-m", "a", "-w", "1", "--dry-run", "--write-yaml", "link.yml").code())
                .isZero();
        assertThat(link).isSymbolicLink();
        assertThat(drawn).isRegularFile().content().contains("seed 0\n");
    }

    @Test
    void aFileOfAnotherStaysWhereTheUnfinishedRecipeWouldBe() throws IOException {
        String name = "drawn.yml." + ProcessHandle.current().pid() + ".part";
        Path other = Files.writeString(folder.resolve(name), "mine");

        Cli.Result result = shuffle("-m", "a", "-w", "1", "--dry-run", "--write-yaml", "drawn.yml");

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err())
                .contains(
                        "drawn.yml: '"
                                + name
                                + "' cannot be created next to it: it already "
                                + "exists");
        assertThat(other).hasContent("mine");
        assertThat(folder.resolve("drawn.yml")).doesNotExist();
    }

    @Test
    void nothingIsWrittenIfTheModelsAreRefused() {
        TinyModel.llama(DEPTH, 30, false, 3).write(folder.resolve("words"), "F32");

        // The embeddings are those of the first slice, the head that of the last.
        Cli.Result result =
                shuffle(
                        "-m",
                        "a",
                        "-w",
                        "0.5",
                        "-m",
                        "words",
                        "-w",
                        "0.5",
                        "--full-random",
                        "--random-seed",
                        "2",
                        "--write-yaml",
                        "drawn.yml");

        assertThat(result.code()).as(result.err()).isEqualTo(2);
        assertThat(result.err())
                .startsWith(
                        "the generated recipe:\n"
                                + "   1  # Layers shuffled by mergekit layershuffle")
                .contains(
                        "the generated recipe: the output's 'model.embed_tokens.weight' would "
                                + "be");
        assertThat(folder.resolve("drawn.yml")).doesNotExist();
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    2 | '' | error: --model: no model is given
                    2 | -m a -w 1 -m b | error: --weight: each model needs one weight (expected 2, one for each --model, found 1)
                    2 | -m a -w 1 -w 2 | error: --weight: each model needs one weight (expected 1, one for each --model, found 2)
                    2 | -m a -w 1 -m b -w -1 | error: --weight: is out of range (expected a number from 0, found -1.0)
                    2 | -m a -w NaN | error: --weight: is out of range (expected a number from 0, found NaN)
                    2 | -m a -w Infinity | error: --weight: is out of range (expected a number from 0, found Infinity)
                    2 | -m a -w half | Invalid value for option '--weight' (WEIGHT): 'half' is not a number
                    2 | -m a -w 1 --random-seed 1.5 | Invalid value for option '--random-seed': '1.5' is not a whole number
                    2 | -m a -w 1 -j 99999999999 | option '--num-threads': '99999999999' is out of range (expected from -2147483648 to 2147483647)
                    2 | -m a -w 1 --sync=maybe | Invalid value for option '--sync': 'maybe' is neither true nor false
                    2 | -m a -w 0 -m b -w 0 | error: --weight: no model has a weight above 0
                    2 | -m a -w 1.5 --full-random | error: --weight: is out of range (expected from 0 to 1, with --full-random
                    2 | -m a -w 0.1 -m b -w 0 --full-random | error: --weight: these fractions select no layers (found 0.1 of 8 layers of 'a', 0.0 of 8 layers of 'b')
                    2 | -m a -w 1 -m a -w 1 | error: a: the model is given twice (found 'a' and 'a')
                    2 | -m a -w 1 -m ./b/../a -w 1 | error: ./b/../a: the model is given twice (found 'a' and './b/../a')
                    2 | -m a -w 1 -m b@ -w 1 | error: --model: model reference 'b@': has an empty revision
                    3 | -m a -w 1 -m nowhere -w 1 | error: nowhere:
                    3 | -m a -w 1 -m mistral -w 0 | error: mistral: models of different architectures (expected LlamaForCausalLM as in 'a', found MistralForCausalLM)
                    3 | -m a -w 1 -m wide -w 0 | error: wide: the hidden size differs, so its layers do not fit
                    2 | -m a -w 1 -m flat -w 0 | error: flat: models of different depth: not every layer has a counterpart (expected 8 layers as in 'a', found 3)
                    3 | -m bare -w 1 | error: bare: its layers cannot be selected individually (expected a model with a single stack of text layers, found no numbered layers)
                    3 | -m holey -w 1 --full-random | error: holey: there is no layer 'model.layers.2' (expected all layers up to 'model.layers.7')
                    4 | -m a -w 1 --write-yaml no/drawn.yml | error: no/drawn.yml: its folder does not exist
                    4 | -m a -w 1 --write-yaml a | error: a: is a folder
                    4 | -m a -w 1 --write-yaml dangling | error: dangling: is a link to a nonexistent file
                    4 | -m a -w 1 --write-yaml a/config.json | error: a/config.json: the file exists and is of another kind
                    4 | -m a -w 1 --write-yaml out/drawn.yml | error: out/drawn.yml: is inside the output folder
                    2 | -m a -w 1 --dry-run --print-yaml --format json | error: --format json: --print-yaml prints the recipe instead of the plan
                    """)
    void badInputIsRefused(int code, String args, String message) throws IOException {
        TinyModel.llama(3, 20, false, 3).write(folder.resolve("flat"), "F32");
        TinyModel.of("MistralForCausalLM", "mistral")
                .config("hidden_size", 32)
                .with("model.layers.0.input_layernorm.weight", List.of(32), new float[32])
                .write(folder.resolve("mistral"), "F32");
        TinyModel.llama(DEPTH, 20, false, 3)
                .config("hidden_size", 48)
                .write(folder.resolve("wide"), "F32");
        TinyModel.of("LlamaForCausalLM", "llama")
                .with("model.norm.weight", List.of(32), new float[32])
                .write(folder.resolve("bare"), "F32");
        TinyModel holey = TinyModel.llama(DEPTH, 20, false, 4);
        tensors("a").keySet().stream()
                .filter(name -> name.startsWith("model.layers.2."))
                .forEach(holey::without);
        holey.write(folder.resolve("holey"), "F32");
        Files.createSymbolicLink(folder.resolve("dangling"), Path.of("nowhere"));
        if (message.contains("is inside")) {
            Files.createDirectory(folder.resolve("out"));
        }

        Cli.Result result = shuffle(args.isEmpty() ? new String[0] : args.split(" "));

        assertThat(result.err()).contains(message).doesNotContain("Exception", "defect");
        assertThat(result.code()).isEqualTo(code);
        assertThat(folder.resolve("out/config.json")).doesNotExist();
    }

    @Test
    void anEmptyNameOfAModelIsRefusedAloneAndNothingIsOpened() {
        Cli.Result result = shuffle("-m", "", "-w", "1");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .isEqualTo(
                        "error: --model: model reference '': is empty (expected"
                                + " path[@revision][+adapter[@revision]])\n");
    }

    @Test
    void wrongOptionsAreRefusedBeforeTheHubIsAsked() throws IOException {
        String only =
                "error: --format json: only --dry-run prints the plan; add --dry-run, or omit "
                        + "the option\n";

        assertThat(shuffle("-m", "om", "-w", "1", "--format", "json").err()).isEqualTo(only);
        Files.writeString(
                folder.resolve("hub.yml"),
                "merge_method: passthrough\nmodels: [{model: org/om}]\n");
        for (String command : List.of("yaml", "pytorch")) {
            Cli.Result result = Cli.run(folder, command, "hub.yml", "out", "--format", "json");
            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err()).isEqualTo(only);
        }
    }

    @Test
    void modelsOfDifferentDtypesKeepThemUnlessOneIsAskedFor() throws IOException {
        TinyModel.llama(DEPTH, 20, false, 1).write(folder.resolve("bf"), "BF16");
        String[] args = {"-m", "bf", "-w", "0.5", "-m", "a", "-w", "0.5", "--full-random"};

        assertThat(shuffle(args).code()).isZero();
        String weights = Files.readString(weights(), StandardCharsets.ISO_8859_1);
        assertThat(weights).contains("\"BF16\"", "\"F32\"");

        assertThat(
                        shuffle(
                                        Stream.concat(
                                                        Arrays.stream(args),
                                                        Stream.of("--fp16", "--overwrite"))
                                                .toArray(String[]::new))
                                .code())
                .isZero();
        weights = Files.readString(weights(), StandardCharsets.ISO_8859_1);
        assertThat(weights).contains("\"F16\"").doesNotContain("\"BF16\"", "\"F32\"");
        assertThat(folder.resolve("out/config.json")).content().contains("\"float16\"");
    }

    private Path weights() {
        return folder.resolve("out/model.safetensors");
    }

    @Test
    void theOutputFolderIsFoundBehindLinks() throws IOException {
        Files.createDirectory(folder.resolve("out"));
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("out"));

        assertThat(shuffle("-m", "a", "-w", "1", "--write-yaml", "link/drawn.yml").err())
                .contains("error: link/drawn.yml: is inside the output folder");
        assertThat(folder.resolve("out")).isEmptyDirectory();
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() throws IOException {
        Files.createDirectory(folder.resolve("out"));
        Files.writeString(folder.resolve("out/notes"), "mine");

        Cli.Result result =
                shuffle("-m", "a", "-w", "-1", "-m", "b", "--write-yaml", "no/x", "-j", "0");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err().lines())
                .hasSize(5)
                .anyMatch(l -> l.startsWith("error: --num-threads: "))
                .anyMatch(l -> l.contains("out: the output folder is not empty"))
                .anyMatch(l -> l.startsWith("error: no/x: "))
                .anyMatch(l -> l.startsWith("error: --weight: each model"))
                .anyMatch(l -> l.startsWith("error: --weight: is out of range"));
    }
}
