package jmergekit.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jmergekit.fixture.SentencePieces;
import jmergekit.fixture.TinyTokenizer;
import jmergekit.problem.MergeException;
import jmergekit.tokenizer.ModelTokenizer.Format;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelTokenizerTest {
    private static final byte[] PIECES =
            new SentencePieces().unknown("<unk>").control("<s>").normal("▁the").bytes();

    @TempDir private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        Files.createDirectories(folder);
    }

    @Test
    void tokenizerJsonOutranksTheSentencePieceModel() throws IOException {
        TinyTokenizer.of(List.of("a", "b")).special("<s>").write(folder);
        Files.write(folder.resolve("tokenizer.model"), PIECES);

        ModelTokenizer tokenizer = read();

        assertThat(tokenizer.format()).isEqualTo(Format.JSON);
        assertThat(tokenizer.vocabulary().size()).isEqualTo(3);
        assertThat(tokenizer.vocabulary().token(2)).contains("<s>");
        assertThat(tokenizer.vocabulary().token(3)).isEmpty();
    }

    @Test
    void sentencePieceModelIsReadIfItIsAllThereIs() throws IOException {
        Files.write(folder.resolve("tokenizer.model"), PIECES);
        settings("{\"tokenizer_class\": \"LlamaTokenizer\"}");

        ModelTokenizer tokenizer = read();

        assertThat(tokenizer.format()).isEqualTo(Format.SENTENCEPIECE);
        assertThat(tokenizer.vocabulary().id("▁the")).hasValue(2);
    }

    @Test
    void tokensThatOnlyTheSettingsListAreAdded() throws IOException {
        TinyTokenizer.of(List.of("a", "b")).write(folder);
        settings(
                """
                {"added_tokens_decoder": {
                  "1": {"content": "b", "special": true},
                  "2": {"content": "<x>", "special": true, "lstrip": true},
                  "0": {"content": "<taken>"},
                  "x": {"content": "<no id>"}}}
                """);
        Files.writeString(folder.resolve("added_tokens.json"), "{\"<y>\": 3, \"<z>\": -1}");

        Vocabulary vocabulary = read().vocabulary();

        assertThat(vocabulary.size()).isEqualTo(4);
        assertThat(vocabulary.added())
                .containsExactly(
                        AddedToken.verbatim("b", 1, true),
                        new AddedToken("<x>", 2, false, true, false, false, true),
                        AddedToken.verbatim("<y>", 3, false));
        assertThat(vocabulary.token(0)).contains("a");
    }

    @Test
    void anAddedTokenOfTheModelKeepsTheModelsId() throws IOException {
        Files.writeString(
                folder.resolve("tokenizer.json"),
                """
                {"added_tokens": [{"id": 7, "content": "a"}, {"id": 8, "content": "a"}],
                 "model": {"vocab": {"a": 0}}}
                """);

        assertThat(read().vocabulary().added()).extracting(AddedToken::id).containsExactly(0);
        assertThat(read().vocabulary().size()).isEqualTo(1);
    }

    @Test
    void rolesComeFromTheSettingsThenFromTheMapOfSpecialTokens() throws IOException {
        TinyTokenizer.of(List.of("a")).write(folder);
        settings("{\"bos_token\": {\"content\": \"<s>\"}, \"pad_token\": null}");
        Files.writeString(
                folder.resolve("special_tokens_map.json"),
                "{\"bos_token\": \"other\", \"pad_token\": \"<pad>\"}");

        assertThat(read().roles())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("bos_token", "<s>", "pad_token", "<pad>"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vocab.txt",
                "vocab.json",
                "tokenization_yi.py",
                "qwen.tiktoken",
                "tekken.json"
            })
    void otherKindsOfTokenizersAreRefusedByName(String file) throws IOException {
        Files.writeString(folder.resolve(file), "x");

        assertThatThrownBy(this::read)
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("the model: no tokenizer that can be read")
                .hasMessageContaining(file)
                .hasMessageContaining("AutoTokenizer");
    }

    @Test
    void sentencePieceModelsWithShiftedIdsAreRefusedByName() throws IOException {
        Files.write(folder.resolve("tokenizer.model"), PIECES);
        settings("{\"tokenizer_class\": \"XLMRobertaTokenizer\"}");

        assertThatThrownBy(this::read)
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("XLMRobertaTokenizer");
    }

    @Test
    void aModelWithoutATokenizerIsRefused() {
        assertThatThrownBy(this::read)
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("found neither");
    }

    private void settings(String json) throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), json);
    }

    private ModelTokenizer read() {
        return ModelTokenizer.read("the model", folder);
    }
}
