package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyTokenizer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What `mergekit tokensurgeon` says of models and options that do not fit: a model of 30 tokens, all of
/// which a donor of 40 has.
class TokensurgeonWarningsTest {
    private static final String EMBEDDINGS = "model.embed_tokens.weight";
    private static final int SHARED = 30;
    private static final int DONORS = 40;
    private static final int HIDDEN = 32;

    @TempDir private Path folder;
    private TinyModel model;
    private TinyModel donor;

    @BeforeEach
    void writeModels() {
        TinyTokenizer.of(tokens(SHARED)).write(folder.resolve("model"));
        TinyTokenizer.of(tokens(DONORS)).write(folder.resolve("donor"));
        model = random(SHARED, 1);
        donor = random(DONORS, 2);
    }

    private static List<String> tokens(int count) {
        List<String> tokens = new ArrayList<>(List.of("Ġ"));
        for (int i = 1; i < count; i++) {
            tokens.add("Ġs" + (char) ('A' + i));
        }
        return tokens;
    }

    private static TinyModel random(int rows, int seed) {
        TinyModel tiny = TinyModel.llama(1, rows, true, seed);
        Random random = new Random(seed);
        float[] data = new float[rows * HIDDEN];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) random.nextGaussian();
        }
        return tiny.with(EMBEDDINGS, List.of(rows, HIDDEN), data)
                .config("hidden_size", HIDDEN)
                .config("vocab_size", rows);
    }

    private Cli.Result run(String... args) {
        model.write(folder.resolve("model"), "F32");
        donor.write(folder.resolve("donor"), "F32");
        Stream<String> all =
                Stream.concat(Stream.of("tokensurgeon", "model", "donor", "out"), Stream.of(args));
        return Cli.run(folder, all.toArray(String[]::new));
    }

    private Cli.Result made(String... args) {
        Cli.Result result = run(args);
        assertThat(result.code()).as(result.err()).isZero();
        return result;
    }

    private JsonNode report() {
        try {
            return JsonMapper.builder()
                    .build()
                    .readTree(folder.resolve("out/mergekit_tokensurgeon.json"));
        } catch (JacksonException e) {
            throw new AssertionError("the report is no JSON", e);
        }
    }

    @Test
    void theHelpSpeaksOfTransplants() {
        assertThat(Cli.run(folder, "tokensurgeon", "--help").out())
                .contains(
                        "Random seed for the rows",
                        "mergekit_tokensurgeon.json",
                        "the donor's tokenizer")
                .doesNotContain("dare_linear", "mergekit_config.yml");
    }

    @Test
    void modelsThatAgreeGiveNoWarningBeforeTheRun() {
        assertThat(run("--dry-run").err()).doesNotContain("warning");
    }

    @Test
    void approximationsNoBetterThanTheMeanRowAreWarnedOfEverywhere() throws IOException {
        String text = "approximated rows are no closer to the model's own than its mean row";

        assertThat(made("-q").err()).contains("warning: " + EMBEDDINGS + ": " + text);
        assertThat(Files.readString(folder.resolve("out/README.md"))).contains(text);
        assertThat(report().path("warnings").path(0).stringValue()).contains(text);
    }

    @Test
    void anApproximationThatIsExactIsNotWarnedOf() {
        float[] rows = donor.data(EMBEDDINGS);
        float[] own = model.data(EMBEDDINGS);
        // The donor's first rows are the model's, which have rank 3.
        for (int i = 0; i < own.length; i++) {
            own[i] = i % HIDDEN < 3 ? own[i] : 0;
            rows[i] = own[i];
        }
        model.with(EMBEDDINGS, List.of(SHARED, HIDDEN), own);
        donor.with(EMBEDDINGS, List.of(DONORS, HIDDEN), rows);

        assertThat(made().err()).doesNotContain("warning").contains("relative error is 0.000");
        assertThat(report().path("warnings").size()).isZero();
    }

    @Test
    void usualKIsNoMoreThanTheSharedTokens() {
        assertThat(made().err()).contains("-k is 30, since no more tokens are shared");
        assertThat(report().path("k").intValue()).isEqualTo(30);

        Cli.Result typed = run("-k", "64", "--overwrite");
        assertThat(typed.code()).isEqualTo(2);
        assertThat(typed.err()).contains("-k: it exceeds the number of shared tokens");
    }

    @ParameterizedTest
    @CsvSource({
        "mean, -k 3, -k",
        "omp, -c, --cosine-similarity",
        "omp, -w least_squares, --weight-scheme",
        "zero, -s sum, --subword-method",
        "subword, --magikarp, --magikarp",
        "randn, --batch-size 4, --batch-size"
    })
    void optionsWithoutEffectAreWarnedOf(String method, String options, String named) {
        List<String> args = new ArrayList<>(List.of("--dry-run", "-a", method));
        args.addAll(List.of(options.split(" ")));

        assertThat(run(args.toArray(String[]::new)).err())
                .contains("warning: %s: has no effect on '%s'".formatted(named, method));
    }

    @ParameterizedTest
    @ValueSource(strings = {"omp", "mean", "john_hewitt", "randn", "landmark_pca", "subword"})
    void rowsOfTheModelThatAreNotFiniteAreNamed(String method) {
        float[] own = model.data(EMBEDDINGS);
        own[2 * HIDDEN] = Float.NaN;
        own[5 * HIDDEN + 1] = Float.POSITIVE_INFINITY;
        model.with(EMBEDDINGS, List.of(SHARED, HIDDEN), own);

        String said = made("-a", method).err();

        assertThat(said)
                .contains(
                        "model: tensor '" + EMBEDDINGS + "' has NaN or infinity in 2 of its rows",
                        "2 (' sC')",
                        "5 (' sF')",
                        "model: holds NaN or infinity: '" + EMBEDDINGS + "' (2 of its values)")
                .doesNotContain("check the recipe's weights", "of its inputs none");
        for (JsonNode number : report().path("held_out").path(EMBEDDINGS)) {
            assertThat(Double.isFinite(number.doubleValue())).isTrue();
        }
    }

    @Test
    void rowsOfTheDonorThatAreNotFiniteAreNamed() {
        float[] rows = donor.data(EMBEDDINGS);
        rows[35 * HIDDEN] = Float.NaN;
        donor.with(EMBEDDINGS, List.of(DONORS, HIDDEN), rows);

        assertThat(made().err())
                .contains("donor: tensor '" + EMBEDDINGS + "' has NaN, infinity", "35 (' sd')");
    }

    @ParameterizedTest
    @ValueSource(ints = {-120, 100})
    void rowsWhoseSquaresNoFloatHoldsAreScaled(int exponent) {
        made();
        float[] usual = TinyModel.read(folder.resolve("out")).get(EMBEDDINGS).data();
        float[] rows = donor.data(EMBEDDINGS);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Math.scalb(rows[i], exponent);
        }
        donor.with(EMBEDDINGS, List.of(DONORS, HIDDEN), rows);

        made("--overwrite");

        float[] scaled = TinyModel.read(folder.resolve("out")).get(EMBEDDINGS).data();
        for (int i = 0; i < scaled.length; i++) {
            assertThat((double) scaled[i]).isCloseTo(usual[i], within(1e-3));
        }
    }

    @Test
    void settingsThatContradictTheTensorsAreWarnedOf() {
        model.config("hidden_size", 48);
        donor.config("vocab_size", 41);

        assertThat(run("--dry-run").err())
                .contains(
                        "model/config.json: 'hidden_size' contradicts the embeddings, which take"
                                + " precedence",
                        "donor/config.json: 'vocab_size' contradicts the embeddings, which take"
                                + " precedence");
    }

    @Test
    void tokenizersThatContradictThemselvesAreWarnedOf() throws IOException {
        Path file = folder.resolve("donor/tokenizer.json");
        Files.writeString(
                file, Files.readString(file).replaceFirst("(\"ĠsC\"\\s*:\\s*)2\\b", "$13"));
        Files.writeString(
                folder.resolve("model/tokenizer_config.json"),
                "{\"eos_token\": \"<gone>\", \"bos_token\": 7}");

        assertThat(run("--dry-run").err())
                .contains(
                        "donor: its tokenizer gives the same id to several tokens",
                        "(3)",
                        "model: its tokenizer has no token for 'eos_token'",
                        "model: 'bos_token' in the settings of its tokenizer is not text");
    }
}
