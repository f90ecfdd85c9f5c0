package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyTokenizer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What cannot be transplanted is refused before anything is written, with the place and the reason.
class TokensurgeonRefusalTest {
    private static final String EMBEDDINGS = "model.embed_tokens.weight";
    private static final int USAGE = 2;
    private static final int INPUT = 3;

    @TempDir private Path folder;
    private TinyModel model;

    @BeforeEach
    void writeModels() {
        for (String name : List.of("model", "donor")) {
            TinyTokenizer.of(List.of("Ġ", "a", "b", "c"))
                    .special("</s>")
                    .setting("eos_token", "</s>")
                    .write(folder.resolve(name));
        }
        model = TinyModel.llama(1, 5, false, 1).write(folder.resolve("model"), "F32");
        TinyModel.llama(1, 5, false, 2).write(folder.resolve("donor"), "F32");
    }

    @AfterEach
    void nothingIsWritten() {
        assertThat(folder.resolve("out")).doesNotExist();
    }

    private Cli.Result run(String... args) {
        return runOf("model", "donor", args);
    }

    private Cli.Result runOf(String own, String other, String... args) {
        Stream<String> all =
                Stream.concat(Stream.of("tokensurgeon", own, other, "out"), Stream.of(args));
        return Cli.run(folder, all.toArray(String[]::new));
    }

    private static void assertRefused(Cli.Result result, int code, String... texts) {
        assertThat(result.code()).as(result.err()).isEqualTo(code);
        assertThat(result.err()).contains(texts).doesNotContain("\tat ");
    }

    @Test
    void moreTokensThanAreShared() {
        assertRefused(
                run("-k", "5000"),
                USAGE,
                "-k: it exceeds the number of shared tokens (expected at most 5, found 5000)");
    }

    @ParameterizedTest
    @CsvSource({
        "-k, 0, needs a positive number",
        "-k, -3, needs a positive number",
        "--batch-size, 0, needs a positive number",
        "--new-vocab-noise, -1, needs a number of at least 0",
        "--new-vocab-noise, NaN, needs a number of at least 0",
        "--new-vocab-scale, Infinity, needs a number",
        "--approximation-method, ompp, unknown value 'ompp' (did you mean 'omp'?)",
        "--weight-scheme, fair, 'expected one of distance_proportional, barycentric, least_squares'",
        "--subword-method, first, 'expected one of mean, sum, weighted_mean, first_last'",
        "--prefix-match, head, 'expected one of no, yes, lm_head, embed'",
        "--byte-match, maybe, 'expected one of no, yes, lm_head, embed'"
    })
    void valuesOutOfRange(String option, String value, String message) {
        assertRefused(run(option, value), USAGE, option, message);
    }

    @Test
    void allWrongOptionsAreNamedAtOnce() {
        assertRefused(
                run("-k", "0", "-a", "best", "--new-vocab-noise", "-1"),
                USAGE,
                "-k: needs a positive number",
                "unknown value 'best'",
                "--new-vocab-noise");
    }

    @Test
    void bothKindsOfNearness() {
        assertRefused(run("-c", "-nc"), USAGE, "-c: the option contradicts -nc");
    }

    @Test
    void modelsThatAreNotThere() {
        assertRefused(runOf("./gone", "./lost"), INPUT, "./gone", "./lost");
    }

    @Test
    void modelsWithoutTokenizer() throws IOException {
        Files.delete(folder.resolve("model/tokenizer.json"));
        Files.delete(folder.resolve("donor/tokenizer.json"));

        assertRefused(
                run("-k", "2"),
                INPUT,
                "model: no tokenizer that can be read",
                "donor: no tokenizer that can be read");
    }

    @Test
    void tokenizersThatShareNothing() {
        TinyTokenizer.of(List.of("Ġ", "a", "b")).write(folder.resolve("model"));
        TinyTokenizer.unigram(List.of("▁x", "y", "z")).write(folder.resolve("donor"));

        assertRefused(
                run("-a", "mean"),
                INPUT,
                "donor: its tokenizer shares no tokens with that of 'model'");
    }

    @Test
    void embeddingsInEightBits() {
        model.with(EMBEDDINGS, List.of(5, 32), new float[160], "F8_E4M3")
                .write(folder.resolve("model"), "F32");

        assertRefused(
                run("-a", "mean"),
                INPUT,
                "model: tensor '" + EMBEDDINGS + "' is quantised",
                "found float8_e4m3fn",
                "use the model in 16 or 32 bits");
    }

    @Test
    void packedEmbeddings() {
        model.without(EMBEDDINGS)
                .with("model.embed_tokens.qweight", List.of(5, 4), new float[20], "I64")
                .config("quantization_config", java.util.Map.of("quant_method", "gptq"))
                .write(folder.resolve("model"), "F32");

        assertRefused(
                run("-a", "mean"),
                INPUT,
                "model: no input embeddings in this model",
                "its weights are quantised");
    }

    @Test
    void embeddingsThatAreMissing() {
        TinyModel.llama(1, 5, false, 2).without(EMBEDDINGS).write(folder.resolve("donor"), "F32");

        assertRefused(run("-a", "mean"), INPUT, "donor: no input embeddings in this model");
    }

    @Test
    void aHeadOfOtherRows() {
        model.with("lm_head.weight", List.of(6, 32), new float[192])
                .write(folder.resolve("model"), "F32");

        assertRefused(
                run("-a", "mean"),
                INPUT,
                "model: tensor 'lm_head.weight' has a different number of rows",
                "expected 5, found [6, 32]");
    }

    @Test
    void tokensOfTheDonorWithoutRows() {
        TinyModel.llama(1, 3, false, 2).write(folder.resolve("donor"), "F32");

        assertRefused(
                run("-a", "mean"),
                INPUT,
                "donor: its tokenizer has tokens without embeddings (expected ids below 3, found ids up"
                        + " to 4)");
    }

    @Test
    void adapters() throws IOException {
        Path adapter = Files.createDirectories(folder.resolve("adapter"));
        Files.writeString(
                adapter.resolve("adapter_config.json"),
                "{\"peft_type\": \"LORA\", \"r\": 1, \"lora_alpha\": 1, \"target_modules\": [\"q_proj\"]}");

        assertRefused(
                runOf("model+adapter", "donor+adapter", "-a", "mean"),
                INPUT,
                "model+adapter: models are read without adapters",
                "donor+adapter: models are read without adapters");
    }

    @Test
    void piecesWithoutTokenizerJson() throws IOException {
        Files.delete(folder.resolve("model/tokenizer.json"));
        Files.write(
                folder.resolve("model/tokenizer.model"),
                // Two pieces, "a" and "b".
                new byte[] {0x0a, 3, 0x0a, 1, 'a', 0x0a, 3, 0x0a, 1, 'b'});
        Files.delete(folder.resolve("model/tokenizer_config.json"));

        assertRefused(
                run("-a", "subword"),
                INPUT,
                "model: no tokenizer.json to split texts into tokens with");
    }

    @Test
    void damagedFiles() throws IOException {
        Files.writeString(folder.resolve("donor/tokenizer.json"), "{\"model\": {\"vocab\": [");
        Files.write(folder.resolve("model/model.safetensors"), new byte[] {1, 2, 3});

        assertRefused(run("-a", "mean"), INPUT, "tokenizer.json", "model.safetensors");
    }

    @Test
    void anOutputThatIsAnInput() {
        Cli.Result result =
                Cli.run(
                        folder,
                        "tokensurgeon",
                        "model",
                        "donor",
                        "donor",
                        "-a",
                        "mean",
                        "--overwrite");

        assertThat(result.code()).as(result.err()).isNotZero();
        assertThat(folder.resolve("donor/tokenizer.json")).exists();
        assertThat(result.err()).contains("donor").doesNotContain("\tat ");
    }

    @Test
    void tooFewArguments() {
        assertRefused(Cli.run(folder, "tokensurgeon", "model", "donor"), USAGE, "OUTPUT");
    }

    @Test
    void modelTokensWithoutRowsAreAWarning() {
        TinyModel.llama(1, 3, false, 1).write(folder.resolve("model"), "F32");

        Cli.Result result = run("-a", "mean", "--dry-run");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err())
                .contains("model: 2 tokens of its tokenizer have no embeddings and are ignored");
        assertThat(result.out()).contains("3 shared");
        assertRefused(run("-a", "mean", "--strict"), INPUT, "are ignored");
    }
}
