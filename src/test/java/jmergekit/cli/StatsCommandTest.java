package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyTokenizer;
import jmergekit.weights.JsonTree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// On a model of `examples/evolve`. The expected figures are in `statistics/base.json`: PyTorch
/// computes them in float64.
class StatsCommandTest {
    private static final Path EXAMPLE = Path.of("examples", "evolve").toAbsolutePath();
    private static final String BASE = EXAMPLE.resolve("models/base").toString();
    private static final String ITEMS = EXAMPLE.resolve("tasks/add.search.jsonl").toString();
    private static final String FILE = "statistics.safetensors";
    private static final double ERROR = 1e-5;

    @TempDir private Path folder;

    private Cli.Result stats(String... arguments) {
        List<String> all = new ArrayList<>(List.of("stats"));
        all.addAll(List.of(arguments));
        return Cli.run(folder, all.toArray(String[]::new));
    }

    private String data(String name, String... lines) throws IOException {
        Files.write(folder.resolve(name), List.of(lines));
        return name;
    }

    private static JsonNode expected() throws IOException {
        try (InputStream in = StatsCommandTest.class.getResourceAsStream("/statistics/base.json")) {
            return JsonTree.read(in.readAllBytes());
        }
    }

    private static JsonNode metadata(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int length = (bytes[0] & 255) | (bytes[1] & 255) << 8 | (bytes[2] & 255) << 16;
        String header = new String(bytes, 8, length, StandardCharsets.UTF_8);
        return JsonTree.read(header.strip().getBytes(StandardCharsets.UTF_8)).path("__metadata__");
    }

    private void assertIsThatOfPytorch(JsonNode figures, TinyModel.Values values) {
        double squares = 0;
        double dot = 0;
        float[] data = values.data();
        for (int i = 0; i < data.length; i++) {
            squares += (double) data[i] * data[i];
            dot += data[i] * Math.cos(i);
        }
        double norm = figures.path("norm").doubleValue();
        assertThat(Math.sqrt(squares)).isCloseTo(norm, within(ERROR * norm));
        assertThat(dot).isCloseTo(figures.path("dot").doubleValue(), within(ERROR * norm));
    }

    @Test
    void gramsAreThoseOfPytorch() throws IOException {
        Cli.Result result = stats(BASE, "--data", ITEMS, "--texts", "40", "--kinds", "gram");

        assertThat(result.err()).endsWith(FILE + ": gram of 40 texts, 406 tokens\n");
        assertThat(result.code()).isZero();
        JsonNode metadata = metadata(folder.resolve(FILE));
        assertThat(metadata.path("format").stringValue()).isEqualTo("jmergekit-statistics-1");
        assertThat(metadata.path("model").stringValue()).isEqualTo("base");
        assertThat(metadata.path("texts").stringValue()).isEqualTo("40");
        assertThat(metadata.path("tokens").stringValue()).isEqualTo("406");
        assertThat(metadata.path("kinds").stringValue()).isEqualTo("gram");
        Map<String, TinyModel.Values> tensors = TinyModel.readFile(folder.resolve(FILE));
        JsonNode grams =
                JsonTree.read(metadata.path("gram").stringValue().getBytes(StandardCharsets.UTF_8));
        JsonNode expected = expected().path("gram");
        assertThat(grams.propertyNames())
                .containsExactlyInAnyOrderElementsOf(expected.propertyNames());
        assertThat(tensors).hasSize(4 * 4 + 1);
        grams.forEachEntry((weight, gram) ->
                assertIsThatOfPytorch(expected.path(weight), tensors.get(gram.stringValue())));
    }

    @Test
    void fisherInformationIsThatOfPytorch() throws IOException {
        Cli.Result result = stats(BASE, "--data", ITEMS, "--texts", "40", "--kinds", "fisher");

        assertThat(result.err()).endsWith(FILE + ": fisher of 40 texts, 406 tokens\n");
        assertThat(metadata(folder.resolve(FILE)).has("gram")).isFalse();
        Map<String, TinyModel.Values> tensors = TinyModel.readFile(folder.resolve(FILE));
        JsonNode expected = expected().path("fisher");
        assertThat(tensors).hasSize(expected.size());
        expected.forEachEntry(
                (name, figures) -> assertIsThatOfPytorch(figures, tensors.get("fisher." + name)));
    }

    @Test
    void theFileDoesNotDependOnThreads() throws IOException {
        for (String threads : List.of("1", "3")) {
            stats(BASE, "--data", ITEMS, "-j", threads, "-o", threads, "--texts", "50");
        }

        assertThat(folder.resolve("3")).hasSameBinaryContentAs(folder.resolve("1"));
    }

    @Test
    void plainTextsAreLines() throws IOException {
        Cli.Result result =
                stats(
                        BASE,
                        "--data",
                        data("texts.txt", "12+34=46", "", "  ", "7+8=15\r"),
                        "--kinds",
                        "gram");

        // A token for each letter, and the one that begins a text.
        assertThat(result.err()).contains("2 texts, 16 tokens");
    }

    @Test
    void longTextsAreCut() throws IOException {
        String data = data("texts.jsonl", "{\"body\": \"%s\"}".formatted("1".repeat(1000)));

        assertThat(stats(BASE, "--data", data, "--text-key", "body", "--kinds", "gram").err())
                .contains("1 texts, 64 tokens");
        assertThat(
                        stats(
                                        BASE,
                                        "--data",
                                        data,
                                        "--text-key",
                                        "body",
                                        "--kinds",
                                        "gram",
                                        "--max-tokens",
                                        "10",
                                        "--overwrite")
                                .err())
                .contains("1 texts, 10 tokens");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "not json | data.jsonl:1: ",
                "[1, 2] | data.jsonl:1: no text (expected an object with the key 'text'",
                "{\"story\": \"x\"} | found the keys 'story'",
                "{\"text\": 7} | data.jsonl:1: 'text' is wrong (expected a text",
                "{\"text\": \"a\", \"text\": \"b\"} | data.jsonl:1: ",
                "{\"context\": \"a\", \"continuation\": null} | 'continuation' is wrong",
                "{\"text\": \"\"} | data.jsonl: has no texts"
            })
    void dataThatCannotBeUsedIsRefused(String line, String message) throws IOException {
        Cli.Result result = stats(BASE, "--data", data("data.jsonl", line));

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains(message);
        assertNothingIsLeft("data.jsonl");
    }

    @Test
    void hostileDataIsRefused() throws IOException {
        String deep = "[".repeat(100_000);
        Files.write(folder.resolve("binary.jsonl"), new byte[] {(byte) 0xff, (byte) 0xfe, 10});
        Files.writeString(folder.resolve("empty.jsonl"), "");

        assertThat(stats(BASE, "--data", data("deep.jsonl", deep)).code()).isEqualTo(3);
        assertThat(stats(BASE, "--data", data("long.txt", "x".repeat(2 << 20))).err())
                .contains("long.txt:1: the line is too long");
        assertThat(stats(BASE, "--data", "binary.jsonl").err()).contains("is not UTF-8");
        assertThat(stats(BASE, "--data", "empty.jsonl").err()).contains("has no texts");
        assertThat(stats(BASE, "--data", "none.jsonl").err()).contains("no such file");
        assertThat(stats(BASE, "--data", ".").err()).contains("not a regular file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--texts=0", "--max-tokens=1", "--max-tokens=65", "--kinds=hessian"})
    void optionsOutOfRangeAreRefused(String option) {
        Cli.Result result = stats(BASE, "--data", ITEMS, option);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains(option.substring(0, option.indexOf('=')) + ": ");
    }

    @Test
    void anExistingFileIsReplacedOnlyOnRequest() throws IOException {
        Files.writeString(folder.resolve("other.safetensors"), "something else");
        String[] run = {BASE, "--data", ITEMS, "--texts", "3", "--kinds", "gram"};
        stats(run);
        byte[] first = Files.readAllBytes(folder.resolve(FILE));

        Cli.Result again = stats(run);
        Cli.Result other = stats(BASE, "--data", ITEMS, "-o", "other.safetensors", "--overwrite");

        assertThat(again.code()).isEqualTo(4);
        assertThat(again.err()).contains("the file exists").contains("--overwrite");
        assertThat(other.code()).isEqualTo(4);
        assertThat(other.err()).contains("is not a file of statistics");
        assertThat(
                        stats(
                                        Stream.concat(Stream.of(run), Stream.of("--overwrite"))
                                                .toArray(String[]::new))
                                .code())
                .isZero();
        assertThat(folder.resolve(FILE)).hasBinaryContent(first);
        assertNothingIsLeft(FILE, "other.safetensors");
    }

    @Test
    void modelsThatCannotBeRunAreRefused() throws IOException {
        String data = data("data.txt", "a b");
        TinyModel.llama(2, 20, false, 1)
                .config("max_position_embeddings", 32)
                .write(folder.resolve("no-tokenizer"), "F32");
        TinyModel.llama(2, 20, false, 1)
                .config("max_position_embeddings", 32)
                .config("architectures", List.of("GPT2LMHeadModel"))
                .write(folder.resolve("family"), "F32");
        TinyModel.llama(2, 1, false, 1)
                .config("max_position_embeddings", 32)
                .write(folder.resolve("small"), "F32");
        TinyTokenizer.of(List.of("a", "b")).write(folder.resolve("small"));

        assertThat(stats("no-tokenizer", "--data", data).err()).contains("no tokenizer.json");
        assertThat(stats("family", "--data", data).err())
                .contains("this model type is not supported")
                .contains("LlamaForCausalLM");
        assertThat(stats("small", "--data", data).err())
                .contains("the tokenizer has tokens without embeddings");
        assertThat(stats("none", "--data", data).code()).isEqualTo(3);
        assertThat(folder.resolve(FILE)).doesNotExist();
    }

    private void assertNothingIsLeft(String... files) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            assertThat(all.map(p -> p.getFileName().toString())).containsExactlyInAnyOrder(files);
        }
    }
}
