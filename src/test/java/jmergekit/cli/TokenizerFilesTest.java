package jmergekit.cli;

import static jmergekit.fixture.MergeFolder.average;
import static jmergekit.fixture.MergeFolder.mean;
import static jmergekit.fixture.MergeFolder.plain;
import static jmergekit.fixture.MergeFolder.row;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jmergekit.fixture.Cli;
import jmergekit.fixture.MergeFolder;
import jmergekit.fixture.SentencePieces;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyTokenizer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The files around a merged vocabulary, end to end.
class TokenizerFilesTest {
    private static final String EMBEDDINGS = "model.embed_tokens.weight";

    @TempDir private Path folder;

    private MergeFolder merges;

    @BeforeEach
    void useFolder() {
        merges = new MergeFolder(folder);
    }

    @Test
    void idsInConfigurationsFollowTheirTokens() throws IOException {
        merges.model(
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

        Cli.Result result = merges.merge(average("source: ./other", "./base"));

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
        merges.model("base", 4, TinyTokenizer.of(List.of("x", "y")).special("<s>", "</s>"), 0);
        String text = "{\"eos_token_id\":3,   \"temperature\":0.7}";
        Files.writeString(folder.resolve("base/generation_config.json"), text);

        merges.merge(average("source: union, tokens: {<new>: {source: {kind: zero}}}", "./base"));

        assertThat(folder.resolve("out/generation_config.json")).hasContent(text);
    }

    @Test
    void aModelWithASentencePieceFileMeetsOneWithJson() throws IOException {
        TinyModel base = merges.model("base", 3, TinyTokenizer.unigram(List.of("▁a", "▁b")), 0);
        TinyModel a = TinyModel.llama(1, 4, false, 1).write(folder.resolve("A"), "F32");
        Files.write(
                folder.resolve("A/tokenizer.model"),
                new SentencePieces()
                        .unknown("<unk>")
                        .normal("▁b")
                        .normal("▁c")
                        .normal("▁a")
                        .bytes());

        Cli.Result result = merges.merge(average("source: base", "./base", "./A"));

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(merges.rows(EMBEDDINGS)[1])
                .isEqualTo(mean(row(base, EMBEDDINGS, 1), row(a, EMBEDDINGS, 3)));

        Cli.Result other = merges.merge(average("source: base", "./A", "./base"));

        assertThat(other.code()).as(other.err()).isZero();
        assertThat(folder.resolve("out/tokenizer.model")).exists();
        assertThat(merges.rows(EMBEDDINGS)).hasNumberOfRows(4);

        Cli.Result union =
                merges.merge(average("source: union, tokens: {<x>: {}}", "./A", "./base"));

        assertThat(union.code()).isEqualTo(3);
        assertThat(union.err()).contains("./A").contains("tokenizer.model cannot be changed");
    }

    @Test
    void filesThatCannotHoldAMergedVocabularyAreLeftOutAndSaidSo() throws IOException {
        merges.model("base", 4, plain(4), 0);
        Files.writeString(folder.resolve("base/tokenizer.model"), "not read");
        Files.writeString(folder.resolve("base/merges.txt"), "not read");

        assertThat(merges.merge(average("source: base", "./base")).err()).isEmpty();
        assertThat(folder.resolve("out/tokenizer.model")).exists();

        Cli.Result changed =
                merges.merge(
                        average("source: base, tokens: {<x>: {source: {kind: zero}}}", "./base"));

        assertThat(changed.err()).contains("./base: tokenizer.model cannot represent the merged");
        assertThat(folder.resolve("out/tokenizer.model")).doesNotExist();
        assertThat(folder.resolve("out/merges.txt")).doesNotExist();
        assertThat(folder.resolve("out/tokenizer.json")).exists();
    }

    @Test
    void aChatTemplateReplacesTheOneInAFileOfItsOwn() throws IOException {
        merges.model("base", 4, plain(4), 0);
        Files.writeString(folder.resolve("base/chat_template.jinja"), "the old one");

        Cli.Result result =
                merges.merge(
                        "merge_method: passthrough\nmodels: [{model: ./base}]\nchat_template: chatml\n");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(folder.resolve("out/chat_template.jinja")).content().contains("<|im_start|>");
        assertThat(folder.resolve("out/tokenizer_config.json")).content().contains("<|im_start|>");
        assertThat(folder.resolve("out/tokenizer.json"))
                .hasSameBinaryContentAs(folder.resolve("base/tokenizer.json"));
    }
}
