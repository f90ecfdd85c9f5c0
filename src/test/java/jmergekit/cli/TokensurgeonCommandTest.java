package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import jmergekit.fixture.ByteLetters;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import jmergekit.fixture.TinyTokenizer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A model of 40 tokens, of which a donor of 50 has the first 30 and the last one.
class TokensurgeonCommandTest {
    private static final String EMBEDDINGS = "model.embed_tokens.weight";
    private static final String HEAD = "lm_head.weight";
    private static final int HIDDEN = 32;
    private static final int SHARED = 30;
    private static final int DONORS = 50;

    @TempDir private Path folder;
    private TinyModel model;
    private TinyModel donor;

    @BeforeEach
    void writeModels() {
        List<String> own = new ArrayList<>(List.of("Ġ"));
        List<String> others = new ArrayList<>(List.of("Ġ"));
        for (int i = 1; i < SHARED; i++) {
            own.add("Ġs" + letter(i));
            others.add("Ġs" + letter(i));
        }
        for (int i = SHARED; i < 39; i++) {
            own.add("Ġm" + letter(i));
        }
        for (int i = SHARED; i < DONORS - 2; i++) {
            others.add("Ġd" + letter(i));
        }
        TinyTokenizer.of(own)
                .special("</s>")
                .setting("eos_token", "</s>")
                .write(folder.resolve("model"));
        TinyTokenizer.of(others)
                .special("<|end|>", "<|pad|>")
                .setting("eos_token", "<|end|>")
                .setting("pad_token", "<|pad|>")
                .setting("chat_template", "{{ messages }} of the donor")
                .write(folder.resolve("donor"));
        model =
                llama(40, HIDDEN, 1)
                        .config("eos_token_id", 39)
                        .write(folder.resolve("model"), "F32");
        donor =
                llama(DONORS, 24, 2)
                        .config("eos_token_id", 48)
                        .config("pad_token_id", 49)
                        .write(folder.resolve("donor"), "F32");
    }

    private static char letter(int i) {
        return (char) ('A' + i);
    }

    // Random rows, since those of other tiny models depend on each other.
    private static TinyModel llama(int rows, int columns, int seed) {
        TinyModel tiny = TinyModel.llama(1, rows, false, seed);
        Random random = new Random(seed);
        for (String name : List.of(EMBEDDINGS, HEAD)) {
            float[] data = new float[rows * columns];
            for (int i = 0; i < data.length; i++) {
                data[i] = (float) random.nextGaussian();
            }
            tiny.with(name, List.of(rows, columns), data);
        }
        return tiny;
    }

    private Cli.Result run(String... args) {
        Stream<String> all =
                Stream.concat(Stream.of("tokensurgeon", "model", "donor", "out"), Stream.of(args));
        return Cli.run(folder, all.toArray(String[]::new));
    }

    private Map<String, Values> made(String... args) {
        Cli.Result result = run(args);
        assertThat(result.code()).as(result.err()).isZero();
        return TinyModel.read(folder.resolve("out"));
    }

    private static float[] row(float[] data, int row, int columns) {
        return Arrays.copyOfRange(data, row * columns, (row + 1) * columns);
    }

    private static float[] row(Map<String, Values> tensors, String name, int row) {
        return row(tensors.get(name).data(), row, HIDDEN);
    }

    private static double[] mean(float[] data) {
        double[] mean = new double[HIDDEN];
        for (int i = 0; i < data.length; i++) {
            mean[i % HIDDEN] += data[i] * (double) HIDDEN / data.length;
        }
        return mean;
    }

    private static void assertNear(float[] found, double[] wanted) {
        for (int j = 0; j < wanted.length; j++) {
            assertThat(found[j]).isCloseTo((float) wanted[j], within(1e-4f));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "omp",
                "common_interpolation",
                "subword",
                "mean",
                "zero",
                "randn",
                "john_hewitt",
                "landmark_pca",
                "stb",
                "mp_rope"
            })
    void everyMethodCopiesSharedRowsAndMakesFiniteOnes(String method) {
        Map<String, Values> out = made("-a", method, "-k", "6");

        for (String name : List.of(EMBEDDINGS, HEAD)) {
            assertThat(out.get(name).shape()).containsExactly(DONORS, HIDDEN);
            for (int id = 0; id < SHARED; id++) {
                assertThat(row(out, name, id)).isEqualTo(row(model.data(name), id, HIDDEN));
            }
            assertThat(row(out, name, 48)).isEqualTo(row(model.data(name), 39, HIDDEN));
            for (float value : out.get(name).data()) {
                assertThat(value).isFinite();
            }
        }
        assertThat(out.get("model.norm.weight").data()).isEqualTo(model.data("model.norm.weight"));
    }

    @Test
    void configurationAndTokenizerAreTheDonors() throws IOException {
        made("-a", "mean");

        var config = TinyModel.readConfig(folder.resolve("out"));
        assertThat(config.path("vocab_size").intValue()).isEqualTo(DONORS);
        assertThat(config.path("eos_token_id").intValue()).isEqualTo(48);
        assertThat(config.path("pad_token_id").intValue()).isEqualTo(49);
        assertThat(config.path("hidden_size").intValue()).isEqualTo(HIDDEN);
        for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
            assertThat(folder.resolve("out").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("donor").resolve(file));
        }
    }

    @Test
    void theMeanIsThatOfAllRows() {
        Map<String, Values> out = made("-a", "mean");

        assertNear(row(out, EMBEDDINGS, 40), mean(model.data(EMBEDDINGS)));
        assertNear(row(out, HEAD, 40), mean(model.data(HEAD)));
    }

    @Test
    void aDonorsRowThatIsASumOfTwoBecomesTheSameSum() {
        float[] rows = donor.data(EMBEDDINGS);
        for (int j = 0; j < 24; j++) {
            rows[40 * 24 + j] = 5 * rows[3 * 24 + j] - 4 * rows[17 * 24 + j];
        }
        donor.with(EMBEDDINGS, List.of(DONORS, 24), rows).write(folder.resolve("donor"), "F32");

        Map<String, Values> out = made("-a", "omp", "-k", "6");

        double[] wanted = new double[HIDDEN];
        float[] own = model.data(EMBEDDINGS);
        for (int j = 0; j < HIDDEN; j++) {
            wanted[j] = 5.0 * own[3 * HIDDEN + j] - 4.0 * own[17 * HIDDEN + j];
        }
        assertNear(row(out, EMBEDDINGS, 40), wanted);
    }

    @Test
    void aLinearImageOfTheModelIsFoundByTheMap() {
        // The donor's rows are the model's first 5 columns; all columns of the model follow from
        // them.
        float[] own = new float[40 * HIDDEN];
        Random random = new Random(7);
        double[][] map = new double[5][HIDDEN];
        for (double[] line : map) {
            Arrays.setAll(line, _ -> random.nextGaussian());
        }
        float[] rows = new float[DONORS * 5];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) random.nextGaussian();
        }
        for (int id = 0; id < SHARED; id++) {
            for (int j = 0; j < HIDDEN; j++) {
                for (int c = 0; c < 5; c++) {
                    own[id * HIDDEN + j] += (float) (rows[id * 5 + c] * map[c][j]);
                }
            }
        }
        for (int c = 0; c < 5; c++) {
            rows[48 * 5 + c] = rows[c];
        }
        System.arraycopy(own, 0, own, 39 * HIDDEN, HIDDEN);
        model.with(EMBEDDINGS, List.of(40, HIDDEN), own).write(folder.resolve("model"), "F32");
        donor.with(EMBEDDINGS, List.of(DONORS, 5), rows).write(folder.resolve("donor"), "F32");

        Map<String, Values> out = made("-a", "landmark_pca");

        double[] wanted = new double[HIDDEN];
        for (int j = 0; j < HIDDEN; j++) {
            for (int c = 0; c < 5; c++) {
                wanted[j] += rows[40 * 5 + c] * map[c][j];
            }
        }
        float[] found = row(out, EMBEDDINGS, 40);
        for (int j = 0; j < HIDDEN; j++) {
            assertThat(found[j]).isCloseTo((float) wanted[j], within(1e-2f));
        }
    }

    @Test
    void theNearestTokenAloneGivesItsRow() {
        float[] rows = donor.data(HEAD);
        for (int j = 0; j < 24; j++) {
            rows[41 * 24 + j] = 1.01f * rows[9 * 24 + j];
        }
        donor.with(HEAD, List.of(DONORS, 24), rows).write(folder.resolve("donor"), "F32");

        for (String cosine : List.of("-c", "-nc")) {
            Map<String, Values> out =
                    made("-a", "common_interpolation", "-k", "1", cosine, "--overwrite");

            assertThat(row(out, HEAD, 41)).isEqualTo(row(model.data(HEAD), 9, HIDDEN));
        }
    }

    @Test
    void barycentricWeightsAddUpToOne() {
        float[] rows = donor.data(EMBEDDINGS);
        for (int j = 0; j < 24; j++) {
            rows[42 * 24 + j] = 0.75f * rows[3 * 24 + j] + 0.25f * rows[5 * 24 + j];
        }
        donor.with(EMBEDDINGS, List.of(DONORS, 24), rows).write(folder.resolve("donor"), "F32");

        Map<String, Values> out =
                made("-a", "common_interpolation", "-k", "2", "-w", "barycentric");

        double[] wanted = new double[HIDDEN];
        float[] own = model.data(EMBEDDINGS);
        for (int j = 0; j < HIDDEN; j++) {
            wanted[j] = 0.75 * own[3 * HIDDEN + j] + 0.25 * own[5 * HIDDEN + j];
        }
        assertNear(row(out, EMBEDDINGS, 42), wanted);
    }

    @ParameterizedTest
    @CsvSource({"john_hewitt", "randn"})
    void drawnRowsHaveTheMeanAndSpreadOfTheModels(String method) {
        Map<String, Values> out = made("-a", method);

        float[] own = model.data(EMBEDDINGS);
        double spread = 0;
        double own2 = 0;
        for (float value : own) {
            own2 += value * value / (double) own.length;
        }
        for (int id = SHARED; id < 48; id++) {
            for (float value : row(out, EMBEDDINGS, id)) {
                spread += value * value / (18.0 * HIDDEN);
            }
        }
        assertThat(spread / own2).isBetween(0.75, 1.3);
        assertThat(row(out, EMBEDDINGS, 40)).isNotEqualTo(row(out, EMBEDDINGS, 41));
    }

    @Test
    void theSeedDecidesDrawsAndNothingElseDoes() {
        Map<String, Values> one = made("-a", "john_hewitt", "--random-seed", "3", "-j", "1");
        Map<String, Values> same =
                made("-a", "john_hewitt", "--random-seed", "3", "-j", "4", "--overwrite");
        Map<String, Values> other = made("-a", "john_hewitt", "--random-seed", "4", "--overwrite");

        assertThat(same.get(HEAD).data()).isEqualTo(one.get(HEAD).data());
        assertThat(other.get(HEAD).data()).isNotEqualTo(one.get(HEAD).data());
    }

    @ParameterizedTest
    @ValueSource(strings = {"omp", "mp_rope", "stb", "common_interpolation", "landmark_pca"})
    void theOutputDoesNotDependOnThreads(String method) {
        Map<String, Values> one = made("-a", method, "-k", "6", "-j", "1", "--batch-size", "3");
        Map<String, Values> many =
                made("-a", method, "-k", "6", "-j", "3", "--batch-size", "3", "--overwrite");

        assertThat(many.get(EMBEDDINGS).data()).isEqualTo(one.get(EMBEDDINGS).data());
    }

    @Test
    void scaleAndNoiseChangeApproximatedRowsOnly() {
        Map<String, Values> plain = made("-a", "mean");
        Map<String, Values> scaled = made("-a", "mean", "-nvs", "0.5", "--overwrite");
        Map<String, Values> noisy = made("-a", "mean", "-nvn", "0.1", "--overwrite");

        assertThat(row(scaled, HEAD, 3)).isEqualTo(row(plain, HEAD, 3));
        assertThat(row(scaled, HEAD, 40)[5]).isEqualTo(row(plain, HEAD, 40)[5] / 2);
        assertThat(row(noisy, HEAD, 3)).isEqualTo(row(plain, HEAD, 3));
        assertThat(row(noisy, HEAD, 40)[5])
                .isNotEqualTo(row(plain, HEAD, 40)[5])
                .isCloseTo(row(plain, HEAD, 40)[5], within(0.6f));
    }

    @ParameterizedTest
    @CsvSource({
        "yes, true, true",
        "lm_head, false, true",
        "embed, true, false",
        "no, false, false"
    })
    void prefixesAreMatchedForTheSidesThatTheOptionNames(
            String where, boolean inEmbeddings, boolean inHead) throws IOException {
        // The donor's token 40 begins like the model's token 1.
        Path file = folder.resolve("donor/tokenizer.json");
        String text = Files.readString(file);
        Files.writeString(file, text.replace("Ġd" + letter(40), "Ġs" + letter(1) + "xyz"));

        Map<String, Values> out = made("-a", "zero", "--prefix-match", where);

        float[] zeros = new float[HIDDEN];
        assertThat(row(out, EMBEDDINGS, 40))
                .isEqualTo(inEmbeddings ? row(model.data(EMBEDDINGS), 1, HIDDEN) : zeros);
        assertThat(row(out, HEAD, 40)).isEqualTo(inHead ? row(model.data(HEAD), 1, HIDDEN) : zeros);
    }

    @Test
    void aTiedModelStaysTied() {
        model.without(HEAD)
                .config("tie_word_embeddings", true)
                .write(folder.resolve("model"), "F32");

        Cli.Result result = run("-a", "omp", "-k", "6", "--prefix-match", "lm_head");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err())
                .contains("--prefix-match lm_head: it has no effect: 'model' has no separate head");
        assertThat(TinyModel.read(folder.resolve("out"))).doesNotContainKey(HEAD);
    }

    @Test
    void aHeadIsApproximatedFromTheEmbeddingsOfATiedDonor() {
        donor.without(HEAD)
                .config("tie_word_embeddings", true)
                .write(folder.resolve("donor"), "F32");

        assertThat(made("-a", "omp", "-k", "6").get(HEAD).shape()).containsExactly(DONORS, HIDDEN);
    }

    @ParameterizedTest
    @ValueSource(ints = {48, 5000})
    void theDonorMayBeWider(int columns) {
        llama(DONORS, columns, 5).write(folder.resolve("donor"), "F32");

        assertThat(made("-a", "omp", "-k", "6").get(HEAD).shape()).containsExactly(DONORS, HIDDEN);
    }

    @Test
    void aBiasOfTheHeadFollowsItsTokens() {
        float[] bias = new float[40];
        for (int i = 0; i < 40; i++) {
            bias[i] = i;
        }
        model.with("lm_head.bias", List.of(40), bias).write(folder.resolve("model"), "F32");

        Map<String, Values> out = made("-a", "mean");

        assertThat(out.get("lm_head.bias").shape()).containsExactly(DONORS);
        assertThat(out.get("lm_head.bias").data()[7]).isEqualTo(7);
        assertThat(out.get("lm_head.bias").data()[40]).isEqualTo(19.5f);
    }

    @Test
    void rowsBeyondTheDonorsTokensAreTheMean() {
        llama(DONORS + 6, 24, 2)
                .config("vocab_size", DONORS + 6)
                .write(folder.resolve("donor"), "F32");

        Map<String, Values> out = made("-a", "zero");

        assertThat(out.get(EMBEDDINGS).shape()).containsExactly(DONORS + 6, HIDDEN);
        assertNear(row(out, EMBEDDINGS, DONORS + 5), mean(model.data(EMBEDDINGS)));
        assertThat(TinyModel.readConfig(folder.resolve("out")).path("vocab_size").intValue())
                .isEqualTo(DONORS + 6);
    }

    @ParameterizedTest
    @CsvSource({
        "omp, NaN",
        "omp, Infinity",
        "common_interpolation, NaN",
        "landmark_pca, NaN",
        "stb, NaN",
        "stb, Infinity",
        "mp_rope, Infinity"
    })
    void tokensWithoutFiniteRowsInTheDonorGetTheMeanRow(String method, float value) {
        float[] rows = donor.data(EMBEDDINGS);
        rows[2 * 24 + 5] = value;
        rows[40 * 24 + 5] = value;
        donor.with(EMBEDDINGS, List.of(DONORS, 24), rows).write(folder.resolve("donor"), "F32");

        Cli.Result result = run("-a", method, "-k", "6");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err())
                .contains("19 approximated, using 30 of the shared ones")
                .contains("embeddings: 1 of these have NaN or infinity in the donor");
        Map<String, Values> out = TinyModel.read(folder.resolve("out"));
        assertThat(row(out, EMBEDDINGS, 2)).isEqualTo(row(model.data(EMBEDDINGS), 2, HIDDEN));
        assertNear(row(out, EMBEDDINGS, 40), mean(model.data(EMBEDDINGS)));
        for (float found : out.get(EMBEDDINGS).data()) {
            assertThat(found).isFinite();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mean", "randn", "john_hewitt", "omp", "landmark_pca"})
    void rowsOfTheModelThatAreNotFiniteDoNotSpread(String method) {
        float[] rows = model.data(HEAD);
        rows[3 * HIDDEN] = Float.NaN;
        model.with(HEAD, List.of(40, HIDDEN), rows).write(folder.resolve("model"), "F32");

        Map<String, Values> out = made("-a", method, "-k", "6");

        for (int id = SHARED; id < DONORS; id++) {
            for (float found : row(out, HEAD, id)) {
                assertThat(found).isFinite();
            }
        }
        assertThat(row(out, HEAD, 3)[0]).isNaN();
    }

    @Test
    void aDonorWithoutFiniteRowsIsRefused() {
        float[] rows = new float[DONORS * 24];
        Arrays.fill(rows, Float.NaN);
        donor.with(HEAD, List.of(DONORS, 24), rows).write(folder.resolve("donor"), "F32");

        Cli.Result result = run("-k", "6");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err())
                .contains("donor: no token shared with 'model' has finite rows in both models");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void theReportIsOnTheConsoleInTheCardAndInAFile() throws IOException {
        Cli.Result result = run("-a", "mean");

        String counts = "embeddings: 31 shared, 0 matched by bytes, 0 by prefix, 19 approximated";
        assertThat(result.err())
                .contains(counts)
                .contains(HEAD + ": on 31 held-out shared tokens the relative error is ");
        assertThat(folder.resolve("out/README.md"))
                .content()
                .contains(counts)
                .contains("with the tokenizer of donor");
        assertThat(folder.resolve("out/mergekit_tokensurgeon.json"))
                .content()
                .contains("\"approximated\": 19", "\"relative_error_of_mean_row\"");
    }

    @Test
    void withoutACardThereIsNoReportFile() {
        made("-a", "mean", "--no-write-model-card");

        assertThat(folder.resolve("out/README.md")).doesNotExist();
        assertThat(folder.resolve("out/mergekit_tokensurgeon.json")).doesNotExist();
    }

    @Test
    void thePlanSaysWhatBecomesOfTokensAndWritesNothing() {
        Cli.Result result = run("-k", "6", "--dry-run");

        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains("method    omp, k = 6")
                .contains("embeddings 31 shared, 0 matched by bytes, 0 by prefix, 19 approximated")
                .contains("head      31 shared, 0 matched by bytes, 0 by prefix, 19 approximated");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void piecesAreThoseOfTheModelsTokenizer() {
        TinyTokenizer.byteLevel(List.of("t", "h")).write(folder.resolve("model"));
        TinyModel own = llama(257, HIDDEN, 4).write(folder.resolve("model"), "F32");
        TinyTokenizer.of(List.of("Ġ", "a", "thx"))
                .special("<pad>")
                .setting("pad_token", "<pad>")
                .write(folder.resolve("donor"));
        llama(4, 24, 2).write(folder.resolve("donor"), "F32");
        List<String> letters = ByteLetters.all();

        Map<String, Values> out = made("-a", "subword", "-s", "sum");

        assertNear(
                row(out, EMBEDDINGS, 2),
                sum(own.data(EMBEDDINGS), List.of(256, letters.indexOf("x"))));
        List<Integer> pad =
                "pad_token"
                        .chars()
                        .mapToObj(c -> letters.indexOf(String.valueOf((char) c)))
                        .toList();
        assertNear(row(out, HEAD, 3), sum(own.data(HEAD), pad));
    }

    private static double[] sum(float[] data, List<Integer> rows) {
        double[] sum = new double[HIDDEN];
        for (int row : rows) {
            for (int j = 0; j < HIDDEN; j++) {
                sum[j] += data[row * HIDDEN + j];
            }
        }
        return sum;
    }

    @Test
    void theExampleRuns() {
        Cli.Result result =
                Cli.run(
                        Path.of("").toAbsolutePath(),
                        "tokensurgeon",
                        "examples/models/base",
                        "examples/models/chatml",
                        folder.resolve("out").toString(),
                        "-k",
                        "16");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(Path.of("examples/tokensurgeon/transplant.sh"))
                .content()
                .contains(
                        "scripts/mergekit-tokensurgeon examples/models/base examples/models/chatml"
                                + " transplanted -k 16");
        assertThat(TinyModel.readConfig(folder.resolve("out")).path("vocab_size").intValue())
                .isEqualTo(266);
    }
}
