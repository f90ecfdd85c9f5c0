package jmergekit.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jmergekit.fixture.TinyTokenizer;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerJsonTest {
    @TempDir private Path folder;

    @Test
    void bpeHasIdsInAMap() throws IOException {
        TokenizerJson json = read(TinyTokenizer.byteLevel(List.of("h", "e")).special("<s>"));

        assertThat(json.ids()).hasSize(257).containsEntry("he", 256);
        assertThat(json.added()).containsExactly(AddedToken.verbatim("<s>", 257, true));
    }

    @Test
    void unigramCountsItsPieces() throws IOException {
        TokenizerJson json = read(TinyTokenizer.unigram(List.of("▁a", "b")).special("<unk>"));

        assertThat(json.ids())
                .containsEntry("<unk>", 0)
                .containsEntry("▁a", 1)
                .containsEntry("b", 2);
        assertThat(json.added()).extracting(AddedToken::id).containsExactly(0);
    }

    @Test
    void wordPieceSaysWhatContinuesAWord() throws IOException {
        TokenizerJson json = read(TinyTokenizer.wordPiece(List.of("a", "##b")));

        assertThat(json.ids()).containsEntry("##b", 2);
        assertThat(json.continuingPrefix()).isEqualTo("##");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "[];                                                        not a JSON object",
                "{\"model\": {\"vocab\": {\"a\": 0}};                       not valid JSON",
                "{\"model\": {\"vocab\": {\"a\": 0}}} {};                   content after the JSON object",
                "{\"version\": \"1.0\"};                                    no vocabulary",
                "{\"model\": {\"vocab\": {}}};                              no vocabulary",
                "{\"model\": {\"vocab\": {\"a\": -1}}};                     token 'a' is out of range",
                "{\"model\": {\"vocab\": {\"a\": 4194304}}};                token 'a' is out of range",
                "{\"model\": {\"vocab\": {\"a\": 99999999999}}};            token 'a' is out of range",
                "{\"model\": {\"vocab\": {\"a\": 9999999999999999999}}};    not valid JSON",
                "{\"model\": {\"vocab\": {\"a\": \"0\"}}};                  not a number",
                "{\"model\": {\"vocab\": {\"a\": 0, \"a\": 1}}};            in the vocabulary twice",
                "{\"model\": {\"vocab\": [[\"a\", 0.5], [\"a\", 1]]}};      in the vocabulary twice",
                "{\"model\": {\"vocab\": [[0.5, \"a\"]]}};                  without a token",
                "{\"model\": {\"vocab\": [\"a\"]}};                         not a token",
                "{\"model\": {\"vocab\": {}, \"vocab\": {\"a\": 0}}};       vocab' appears twice",
                "{\"model\": {}, \"model\": {}};                          model' appears twice",
                "{\"model\": {\"merges\": [[\"a\"]]}};                          not two tokens",
                "{\"model\": {\"merges\": [[[\"a\"], \"b\"]]}};                   not two tokens",
                "{\"model\": {\"merges\": [7]}};                              not two tokens",
                "{\"model\": {\"vocab\": {\"\\ud800\": 0}}};                    not valid Unicode",
                "{\"added_tokens\": [{\"content\": \"x\"}]};                without content or id",
                "{\"added_tokens\": [{\"id\": 1}]};                         without content or id",
                "{\"added_tokens\": [{\"content\": \"x\", \"id\": -3}]};    token 'x' is out of range",
                "{\"added_tokens\": [7]};                                   without content or id"
            })
    void whatIsNotATokenizerIsRefused(String text, String reason) throws IOException {
        refused(text, reason);
    }

    @Test
    void deepNestingIsRefused() throws IOException {
        refused("{\"normalizer\": " + "[".repeat(1000), "nesting depth");
        refused("{\"added_tokens\": [{\"content\": " + "{\"a\":".repeat(1000), "nesting depth");
    }

    private void refused(String text, String reason) throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), text);

        assertThatThrownBy(() -> TokenizerJson.read(file, "m/tokenizer.json"))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("m/tokenizer.json")
                .hasMessageContaining(reason);
    }

    private TokenizerJson read(TinyTokenizer tokenizer) throws IOException {
        tokenizer.write(folder);
        return TokenizerJson.read(folder.resolve("tokenizer.json"), "m/tokenizer.json");
    }
}
