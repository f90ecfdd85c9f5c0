package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.SentencePieces;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyTokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Vocabularies that do not fit each other, as users of merge tools have met them, end to end.
class VocabularyCasesTest {
    private static final String EMBEDDINGS = "model.embed_tokens.weight";
    private static final String HEAD = "lm_head.weight";
    private static final String[] EXTRA = {"<a1>", "<a2>", "<a3>", "<a4>"};
    private static final int HIDDEN = 32;

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tokensBeyondTheLastRowCountAsMissing(boolean first) throws IOException {
        TinyModel base = model("base", 96, plain(92).special(EXTRA), 0);
        TinyModel a = model("A", 92, plain(92).special(EXTRA), 1);

        Cli.Result result =
                merge(
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
            float[][] rows = rows(tensor);
            assertThat(rows).hasNumberOfRows(96);
            for (int row = 0; row < 92; row++) {
                assertThat(rows[row]).isEqualTo(mean(row(base, tensor, row), row(a, tensor, row)));
            }
            for (int row = 92; row < 96; row++) {
                assertThat(rows[row]).isEqualTo(row(base, tensor, row));
            }
        }
        assertThat(vocabularySize()).isEqualTo(96);
        assertThat(tokens()).hasSize(96).endsWith(EXTRA);
    }

    @Test
    void tokensWithoutARowInAnyModelAreLeftOut() throws IOException {
        model("A", 92, plain(92).special(EXTRA), 0);

        Cli.Result result = merge(linear("./A", "source: base"));

        assertThat(result.err()).contains("left out of the output");
        assertThat(tokens()).hasSize(92);
        assertThat(vocabularySize()).isEqualTo(92);
        assertThat(rows(HEAD)).hasNumberOfRows(92);
    }

    @Test
    void aTokenThatNoModelHasARowForGetsZeros() throws IOException {
        model("base", 92, plain(92), 0);
        model("A", 92, plain(92).special(EXTRA), 1);

        Cli.Result result = merge(linear("./base", "source: union", "./A"));

        assertThat(result.err())
                .contains(
                        "4 tokens of the merged vocabulary have no row in any model and get zeros");
        assertThat(rows(EMBEDDINGS)).hasNumberOfRows(96);
        assertThat(rows(EMBEDDINGS)[95]).containsOnly(0);
    }

    @Test
    void unequalVocabulariesMeetTokenByToken() throws IOException {
        List<String> reversed = new ArrayList<>(names(96));
        Collections.reverse(reversed);
        TinyModel base = model("base", 128, plain(128), 0);
        TinyModel a = model("A", 96, TinyTokenizer.of(reversed), 1);

        Cli.Result result =
                merge(
                        """
                        merge_method: task_arithmetic
                        base_model: ./base
                        models: [ {model: ./A, parameters: {weight: 1}} ]
                        tokenizer: {source: union}
                        dtype: float32
                        """);

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(rows(HEAD)).hasNumberOfRows(128);
        for (int row = 0; row < 128; row++) {
            float[] expected = row < 96 ? row(a, EMBEDDINGS, 95 - row) : row(base, EMBEDDINGS, row);
            assertThat(rows(EMBEDDINGS)[row]).isEqualTo(expected);
        }
    }

    @Test
    void paddingIsKeptSoThatTheOutputFitsItsSiblings() throws IOException {
        TinyModel base = model("base", 128, plain(100), 0);
        TinyModel a = model("A", 128, plain(100), 1);

        merge(linear("./base", "source: base", "./A"));

        assertThat(vocabularySize()).isEqualTo(128);
        assertThat(rows(HEAD)).hasNumberOfRows(128);
        assertThat(rows(EMBEDDINGS)[127])
                .isEqualTo(mean(row(base, EMBEDDINGS, 127), row(a, EMBEDDINGS, 127)));
    }

    @Test
    void paddingIsTrimmedIfAsked() throws IOException {
        TinyModel base = model("base", 128, plain(100), 0);
        TinyModel a = model("A", 100, plain(100), 1);

        merge(linear("./base", "source: base, pad_to_multiple_of: 1", "./A"));

        assertThat(vocabularySize()).isEqualTo(100);
        assertThat(rows(EMBEDDINGS)).hasNumberOfRows(100);
        assertThat(rows(HEAD)[99]).isEqualTo(mean(row(base, HEAD, 99), row(a, HEAD, 99)));
    }

    @Test
    void newTokensTakeThePlaceOfPadding() throws IOException {
        TinyModel base = model("base", 104, plain(100), 0);
        TinyModel a = model("A", 101, plain(100).special("<x>"), 1);

        merge(linear("./base", "source: union", "./A"));

        assertThat(rows(EMBEDDINGS)).hasNumberOfRows(104);
        assertThat(rows(EMBEDDINGS)[100]).isEqualTo(row(a, EMBEDDINGS, 100));
        assertThat(rows(EMBEDDINGS)[101]).isEqualTo(row(base, EMBEDDINGS, 101));
        assertThat(tokens()).hasSize(101).endsWith("<x>");
    }

    @Test
    void aStackTakesRowsOfModelsThatAreNotInTheSlice() throws IOException {
        TinyModel a = model("A", 100, plain(100), 0);
        TinyModel b = model("B", 101, plain(100).special("<x>"), 1);

        Cli.Result result =
                merge(
                        """
                        merge_method: passthrough
                        slices:
                          - sources: [{model: ./A, layer_range: [0, 1]}]
                          - sources: [{model: ./B, layer_range: [0, 1]}]
                        tokenizer: {source: union}
                        """);

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(rows(EMBEDDINGS)[99]).isEqualTo(row(a, EMBEDDINGS, 99));
        assertThat(rows(EMBEDDINGS)[100]).isEqualTo(row(b, EMBEDDINGS, 100));
        assertThat(rows(HEAD)[99]).isEqualTo(row(b, HEAD, 99));
        assertThat(rows(HEAD)[100]).isEqualTo(row(b, HEAD, 100));
    }

    @Test
    void aTiedModelLendsItsEmbeddingsToTheHead() throws IOException {
        plain(101).write(folder.resolve("A"));
        TinyModel a = TinyModel.llama(1, 101, true, 3).write(folder.resolve("A"), "F32");
        TinyModel b = model("B", 100, plain(100), 1);

        merge(linear("./B", "source: union", "./A"));

        assertThat(rows(HEAD)[100]).isEqualTo(row(a, EMBEDDINGS, 100));
        assertThat(rows(HEAD)[0]).isEqualTo(mean(row(b, HEAD, 0), row(a, EMBEDDINGS, 0)));
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

        merge(linear("./A", "source: union", "./B"));

        float[] bias = TinyModel.read(folder.resolve("out")).get("lm_head.bias").data();
        assertThat(bias).hasSize(101);
        assertThat(bias[7]).isEqualTo(507);
        assertThat(bias[100]).isEqualTo(1100);
    }

    @Test
    void idsInConfigurationsFollowTheirTokens() throws IOException {
        model(
                "base",
                6,
                TinyTokenizer.of(List.of("x", "y")).special("<s>", "</s>", "<e>", "<i>"),
                0);
        TinyTokenizer.of(List.of("<i>", "</s>", "<s>", "x"))
                .setting("eos_token", "</s>")
                .write(folder.resolve("other"));
        TinyModel.llama(1, 6, false, 0)
                .config("bos_token_id", 2)
                .config("eos_token_id", 4)
                .config("text_config", Map.of("vocab_size", 6, "image_token_id", 5))
                .write(folder.resolve("base"), "F32");
        Files.writeString(
                folder.resolve("base/generation_config.json"),
                "{\"eos_token_id\": [3, 4], \"temperature\": 0.70, \"forced_eos_token_id\": 4}");

        Cli.Result result = merge(linear("./base", "source: ./other"));

        assertThat(result.code()).as(result.err()).isZero();
        JsonNode config = TinyModel.readConfig(folder.resolve("out"));
        assertThat(config.path("bos_token_id").intValue()).isEqualTo(2);
        assertThat(config.path("eos_token_id").intValue()).isEqualTo(1);
        assertThat(config.path("text_config").path("image_token_id").intValue()).isZero();
        assertThat(config.path("vocab_size").intValue()).isEqualTo(4);
        assertThat(config.path("text_config").path("vocab_size").intValue()).isEqualTo(4);
        assertThat(folder.resolve("out/generation_config.json"))
                .content()
                .contains("\"temperature\": 0.70")
                .contains("\"forced_eos_token_id\": null")
                .containsPattern("\"eos_token_id\": \\[\\s*1\\s*]");
        assertThat(result.err())
                .contains("the merged vocabulary has no token for forced_eos_token_id");
    }

    @Test
    void theGenerationConfigStaysAsItIsWhereIdsDo() throws IOException {
        model("base", 4, TinyTokenizer.of(List.of("x", "y")).special("<s>", "</s>"), 0);
        String text = "{\"eos_token_id\":3,   \"temperature\":0.7}";
        Files.writeString(folder.resolve("base/generation_config.json"), text);

        merge(linear("./base", "source: union, tokens: {<new>: {source: {kind: zero}}}"));

        assertThat(folder.resolve("out/generation_config.json")).hasContent(text);
    }

    @Test
    void aModelWithASentencePieceFileMeetsOneWithJson() throws IOException {
        TinyModel base = model("base", 3, TinyTokenizer.unigram(List.of("▁a", "▁b")), 0);
        TinyModel a = TinyModel.llama(1, 4, false, 1).write(folder.resolve("A"), "F32");
        Files.write(
                folder.resolve("A/tokenizer.model"),
                new SentencePieces()
                        .unknown("<unk>")
                        .normal("▁b")
                        .normal("▁c")
                        .normal("▁a")
                        .bytes());

        Cli.Result result = merge(linear("./base", "source: base", "./A"));

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(rows(EMBEDDINGS)[1])
                .isEqualTo(mean(row(base, EMBEDDINGS, 1), row(a, EMBEDDINGS, 3)));

        Cli.Result other = merge(linear("./A", "source: base", "./base"));

        assertThat(other.code()).as(other.err()).isZero();
        assertThat(folder.resolve("out/tokenizer.model")).exists();
        assertThat(rows(EMBEDDINGS)).hasNumberOfRows(4);

        Cli.Result union = merge(linear("./A", "source: union, tokens: {<x>: {}}", "./base"));

        assertThat(union.code()).isEqualTo(3);
        assertThat(union.err()).contains("./A").contains("tokenizer.model cannot be changed");
    }

    @Test
    void filesThatCannotHoldAMergedVocabularyAreLeftOutAndSaidSo() throws IOException {
        model("base", 4, plain(4), 0);
        Files.writeString(folder.resolve("base/tokenizer.model"), "not read");
        Files.writeString(folder.resolve("base/merges.txt"), "not read");

        assertThat(merge(linear("./base", "source: base")).err()).isEmpty();
        assertThat(folder.resolve("out/tokenizer.model")).exists();

        Cli.Result changed =
                merge(linear("./base", "source: base, tokens: {<x>: {source: {kind: zero}}}"));

        assertThat(changed.err()).contains("./base: tokenizer.model cannot hold the merged");
        assertThat(folder.resolve("out/tokenizer.model")).doesNotExist();
        assertThat(folder.resolve("out/merges.txt")).doesNotExist();
        assertThat(folder.resolve("out/tokenizer.json")).exists();
    }

    @Test
    void aChatTemplateReplacesTheOneInAFileOfItsOwn() throws IOException {
        model("base", 4, plain(4), 0);
        Files.writeString(folder.resolve("base/chat_template.jinja"), "the old one");

        Cli.Result result =
                merge(
                        "merge_method: passthrough\nmodels: [{model: ./base}]\nchat_template: chatml\n");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(folder.resolve("out/chat_template.jinja")).content().contains("<|im_start|>");
        assertThat(folder.resolve("out/tokenizer_config.json")).content().contains("<|im_start|>");
        assertThat(folder.resolve("out/tokenizer.json"))
                .hasSameBinaryContentAs(folder.resolve("base/tokenizer.json"));
    }

    @Test
    void theSameBytesComeOutOnAnyNumberOfThreads() throws IOException {
        model("A", 120, plain(100), 0);
        model("B", 90, TinyTokenizer.of(names(90).reversed()).special("<x>"), 1);
        model("C", 80, TinyTokenizer.of(names(79)).special("<x>"), 2);
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

    private static TinyTokenizer plain(int tokens) {
        return TinyTokenizer.of(names(tokens));
    }

    private static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "t" + i).toList();
    }

    private TinyModel model(String name, int rows, TinyTokenizer tokenizer, int m) {
        tokenizer.write(folder.resolve(name));
        return TinyModel.llama(1, rows, false, m).write(folder.resolve(name), "F32");
    }

    /// An average of models, the first of them the base.
    private static String linear(String base, String tokenizer, String... others) {
        StringBuilder recipe = new StringBuilder("merge_method: linear\nbase_model: " + base);
        recipe.append("\nmodels:\n  - model: ").append(base);
        for (String other : others) {
            recipe.append("\n  - model: ").append(other);
        }
        return recipe
                + "\nparameters: {weight: 1}\ndtype: float32\ntokenizer: {"
                + tokenizer
                + "}\n";
    }

    private Cli.Result merge(String recipe) throws IOException {
        Files.writeString(folder.resolve("recipe.yml"), recipe);
        return Cli.run(folder, "yaml", "recipe.yml", "out", "--quiet", "--overwrite");
    }

    private float[][] rows(String tensor) {
        float[] data = TinyModel.read(folder.resolve("out")).get(tensor).data();
        float[][] rows = new float[data.length / HIDDEN][];
        Arrays.setAll(rows, i -> Arrays.copyOfRange(data, i * HIDDEN, (i + 1) * HIDDEN));
        return rows;
    }

    private static float[] row(TinyModel model, String tensor, int row) {
        return Arrays.copyOfRange(model.data(tensor), row * HIDDEN, (row + 1) * HIDDEN);
    }

    private static float[] mean(float[] a, float[] b) {
        float[] mean = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            mean[i] = (a[i] + b[i]) / 2;
        }
        return mean;
    }

    private int vocabularySize() {
        return TinyModel.readConfig(folder.resolve("out")).path("vocab_size").intValue();
    }

    private List<String> tokens() {
        JsonNode json = JsonMapper.shared().readTree(folder.resolve("out/tokenizer.json"));
        List<String> tokens = new ArrayList<>(json.path("model").path("vocab").propertyNames());
        json.path("added_tokens").forEach(t -> tokens.add(t.path("content").asString()));
        return tokens;
    }
}
