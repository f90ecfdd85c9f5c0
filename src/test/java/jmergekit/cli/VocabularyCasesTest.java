package jmergekit.cli;

import static jmergekit.fixture.MergeFolder.average;
import static jmergekit.fixture.MergeFolder.mean;
import static jmergekit.fixture.MergeFolder.plain;
import static jmergekit.fixture.MergeFolder.row;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import jmergekit.fixture.Cli;
import jmergekit.fixture.MergeFolder;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyTokenizer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// Vocabularies that do not fit each other, as users of merge tools have met them, end to end.
class VocabularyCasesTest {
    private static final String EMBEDDINGS = "model.embed_tokens.weight";
    private static final String HEAD = "lm_head.weight";
    private static final String[] EXTRA = {"<a1>", "<a2>", "<a3>", "<a4>"};

    @TempDir private Path folder;

    private MergeFolder merges;

    @BeforeEach
    void useFolder() {
        merges = new MergeFolder(folder);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tokensBeyondTheLastRowCountAsMissing(boolean first) throws IOException {
        TinyModel base = merges.model("base", 96, plain(92).special(EXTRA), 0);
        TinyModel a = merges.model("A", 92, plain(92).special(EXTRA), 1);

        Cli.Result result =
                merges.merge(
                        """
                        merge_method: linear
                        models: [ {model: %s, parameters: {weight: 1}}, {model: %s, parameters: {weight: 1}} ]
                        tokenizer: {source: union}
                        dtype: float32
                        """
                                .formatted(first ? "./A" : "./base", first ? "./base" : "./A"));

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err().lines().filter(l -> l.startsWith("warning"))).hasSize(1);
        assertThat(result.err())
                .contains("./A: 4 of its tokens have no row")
                .contains("'<a1>' (92), '<a2>' (93), '<a3>' (94), '<a4>' (95)")
                .contains("92 rows");
        for (String tensor : List.of(EMBEDDINGS, HEAD)) {
            float[][] rows = merges.rows(tensor);
            assertThat(rows).hasNumberOfRows(96);
            for (int row = 0; row < 92; row++) {
                assertThat(rows[row]).isEqualTo(mean(row(base, tensor, row), row(a, tensor, row)));
            }
            for (int row = 92; row < 96; row++) {
                assertThat(rows[row]).isEqualTo(row(base, tensor, row));
            }
        }
        assertThat(merges.config().path("vocab_size").intValue()).isEqualTo(96);
        assertThat(merges.tokens()).hasSize(96).endsWith(EXTRA);
    }

    @Test
    void tokensWithoutARowInAnyModelAreLeftOut() throws IOException {
        merges.model("A", 92, plain(92).special(EXTRA), 0);

        Cli.Result result = merges.merge(average("source: base", "./A"));

        assertThat(result.err()).contains("left out of the output");
        assertThat(merges.tokens()).hasSize(92);
        assertThat(merges.config().path("vocab_size").intValue()).isEqualTo(92);
        assertThat(merges.rows(HEAD)).hasNumberOfRows(92);
    }

    @Test
    void aTokenThatNoModelHasARowForGetsZeros() throws IOException {
        merges.model("base", 92, plain(92), 0);
        merges.model("A", 92, plain(92).special(EXTRA), 1);

        Cli.Result result =
                merges.merge(
                        average(
                                "source: union, tokens: {<a2>: {force: false}, <new>: {force: false}}",
                                "./base",
                                "./A"));

        assertThat(result.err())
                .contains(
                        "2 tokens of the merged vocabulary have no row in any model and get zeros");
        assertThat(merges.tokens()).hasSize(94).endsWith("<a2>", "<new>");
        assertThat(merges.rows(EMBEDDINGS)).hasNumberOfRows(94);
        assertThat(merges.rows(EMBEDDINGS)[93]).containsOnly(0);
    }

    @Test
    void tokensThatNoModelHasARowForAreLeftOutOfAUnion() throws IOException {
        TinyModel base = merges.model("base", 92, plain(92), 0);
        TinyModel a = merges.model("A", 92, plain(92).special(EXTRA), 1);

        Cli.Result result = merges.merge(average("source: union", "./base", "./A"));

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err())
                .contains("./A: 4 of its tokens have no row", "'<a1>' (92)", "left out of the");
        assertThat(merges.tokens()).hasSize(92);
        assertThat(merges.config().path("vocab_size").intValue()).isEqualTo(92);
        assertThat(merges.rows(HEAD)).hasNumberOfRows(92);
        assertThat(merges.rows(HEAD)[91]).isEqualTo(mean(row(base, HEAD, 91), row(a, HEAD, 91)));
    }

    @Test
    void unequalVocabulariesMeetTokenByToken() throws IOException {
        List<String> reversed = new ArrayList<>(MergeFolder.tokens(96));
        Collections.reverse(reversed);
        TinyModel base = merges.model("base", 128, plain(128), 0);
        TinyModel a = merges.model("A", 96, TinyTokenizer.of(reversed), 1);

        Cli.Result result =
                merges.merge(
                        """
                        merge_method: task_arithmetic
                        base_model: ./base
                        models: [ {model: ./A, parameters: {weight: 1}} ]
                        tokenizer: {source: union}
                        dtype: float32
                        """);

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(merges.rows(HEAD)).hasNumberOfRows(128);
        for (int row = 0; row < 128; row++) {
            float[] expected = row < 96 ? row(a, EMBEDDINGS, 95 - row) : row(base, EMBEDDINGS, row);
            assertThat(merges.rows(EMBEDDINGS)[row]).isEqualTo(expected);
        }
    }

    @Test
    void paddingIsKeptSoThatTheOutputFitsItsSiblings() throws IOException {
        TinyModel base = merges.model("base", 128, plain(100), 0);
        TinyModel a = merges.model("A", 128, plain(100), 1);

        merges.merge(average("source: base", "./base", "./A"));

        assertThat(merges.config().path("vocab_size").intValue()).isEqualTo(128);
        assertThat(merges.rows(HEAD)).hasNumberOfRows(128);
        assertThat(merges.rows(EMBEDDINGS)[127])
                .isEqualTo(mean(row(base, EMBEDDINGS, 127), row(a, EMBEDDINGS, 127)));
    }

    @Test
    void paddingIsTrimmedIfAsked() throws IOException {
        TinyModel base = merges.model("base", 128, plain(100), 0);
        TinyModel a = merges.model("A", 100, plain(100), 1);

        merges.merge(average("source: base, pad_to_multiple_of: 1", "./base", "./A"));

        assertThat(merges.config().path("vocab_size").intValue()).isEqualTo(100);
        assertThat(merges.rows(EMBEDDINGS)).hasNumberOfRows(100);
        assertThat(merges.rows(HEAD)[99]).isEqualTo(mean(row(base, HEAD, 99), row(a, HEAD, 99)));
    }

    @Test
    void newTokensTakeThePlaceOfPadding() throws IOException {
        TinyModel base = merges.model("base", 104, plain(100), 0);
        TinyModel a = merges.model("A", 101, plain(100).special("<x>"), 1);

        merges.merge(average("source: union", "./base", "./A"));

        assertThat(merges.rows(EMBEDDINGS)).hasNumberOfRows(104);
        assertThat(merges.rows(EMBEDDINGS)[100]).isEqualTo(row(a, EMBEDDINGS, 100));
        assertThat(merges.rows(EMBEDDINGS)[101]).isEqualTo(row(base, EMBEDDINGS, 101));
        assertThat(merges.tokens()).hasSize(101).endsWith("<x>");
    }

    @Test
    void aStackTakesRowsOfModelsThatAreNotInTheSlice() throws IOException {
        TinyModel a = merges.model("A", 100, plain(100), 0);
        TinyModel b = merges.model("B", 101, plain(100).special("<x>"), 1);

        Cli.Result result =
                merges.merge(
                        """
                        merge_method: passthrough
                        slices:
                          - sources: [{model: ./A, layer_range: [0, 1]}]
                          - sources: [{model: ./B, layer_range: [0, 1]}]
                        tokenizer: {source: union}
                        """);

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(merges.rows(EMBEDDINGS)[99]).isEqualTo(row(a, EMBEDDINGS, 99));
        assertThat(merges.rows(EMBEDDINGS)[100]).isEqualTo(row(b, EMBEDDINGS, 100));
        assertThat(merges.rows(HEAD)[99]).isEqualTo(row(b, HEAD, 99));
        assertThat(merges.rows(HEAD)[100]).isEqualTo(row(b, HEAD, 100));
    }

    @Test
    void aTiedModelLendsItsEmbeddingsToTheHead() throws IOException {
        plain(101).write(folder.resolve("A"));
        TinyModel a = TinyModel.llama(1, 101, true, 3).write(folder.resolve("A"), "F32");
        TinyModel b = merges.model("B", 100, plain(100), 1);

        merges.merge(average("source: union", "./B", "./A"));

        assertThat(merges.rows(HEAD)[100]).isEqualTo(row(a, EMBEDDINGS, 100));
        assertThat(merges.rows(HEAD)[0]).isEqualTo(mean(row(b, HEAD, 0), row(a, EMBEDDINGS, 0)));
        assertThat(TinyModel.readConfig(folder.resolve("out")).path("tie_word_embeddings"))
                .isEqualTo(JsonMapper.shared().readTree("false"));
    }

    @Test
    void aBiasOfTheHeadFollowsTheVocabulary() throws IOException {
        for (String name : List.of("A", "B")) {
            int rows = name.equals("A") ? 100 : 101;
            TinyTokenizer tokenizer = name.equals("A") ? plain(100) : plain(100).special("<x>");
            tokenizer.write(folder.resolve(name));
            float[] bias = new float[rows];
            for (int i = 0; i < rows; i++) {
                bias[i] = i + (rows - 100) * 1000;
            }
            TinyModel.llama(1, rows, false, rows)
                    .with("lm_head.bias", List.of(rows), bias)
                    .write(folder.resolve(name), "F32");
        }

        merges.merge(average("source: union", "./A", "./B"));

        float[] bias = TinyModel.read(folder.resolve("out")).get("lm_head.bias").data();
        assertThat(bias).hasSize(101);
        assertThat(bias[7]).isEqualTo(507);
        assertThat(bias[100]).isEqualTo(1100);
    }

    @Test
    void theSameBytesComeOutOnAnyNumberOfThreads() throws IOException {
        merges.model("A", 120, plain(100), 0);
        merges.model(
                "B", 90, TinyTokenizer.of(MergeFolder.tokens(90).reversed()).special("<x>"), 1);
        merges.model("C", 80, TinyTokenizer.of(MergeFolder.tokens(79)).special("<x>"), 2);
        Files.writeString(
                folder.resolve("recipe.yml"),
                """
                merge_method: ties
                base_model: ./A
                models: [ {model: ./B}, {model: ./C} ]
                parameters: {weight: 0.7, density: 0.4}
                tokenizer: {source: union, pad_to_multiple_of: 64}
                """);
        for (String threads : List.of("1", "5")) {
            Cli.Result result =
                    Cli.run(folder, "yaml", "recipe.yml", "out" + threads, "-j", threads);
            assertThat(result.code()).as(result.err()).isZero();
        }

        assertThat(folder.resolve("out5/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("out1/model.safetensors"));
    }
}
