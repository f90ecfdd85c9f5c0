package jmergekit.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import jmergekit.fixture.TinyTokenizer;
import jmergekit.tokenizer.TokenIds.CarriedOver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class TokenIdsTest {
    @TempDir private Path folder;

    @Test
    void anIdFollowsItsToken() {
        assertThat(carried("{\"bos_token_id\": 2, \"vocab_size\": 2}").file())
                .isEqualTo(json("{\"bos_token_id\": 0, \"vocab_size\": 2}"));
    }

    @Test
    void listsAndPartsAreSeenThrough() {
        assertThat(
                        carried(
                                        """
                                        {"text_config": {"eos_token_id": [3, 2, 4]},
                                         "bad_words_ids": [[0, 1], [4, 0]], "suppress_tokens": []}
                                        """)
                                .file())
                .isEqualTo(
                        json(
                                """
                                {"text_config": {"eos_token_id": [3, 0]},
                                 "bad_words_ids": [[1, 2]], "suppress_tokens": []}
                                """));
    }

    @Test
    void aTokenThatIsGoneIsReplacedByTheOneOfItsRole() {
        CarriedOver carried = carried("{\"eos_token_id\": 4, \"image_token_index\": 4}");

        assertThat(carried.file())
                .isEqualTo(json("{\"eos_token_id\": 3, \"image_token_index\": null}"));
        assertThat(carried.lost()).containsExactly("image_token_index");
    }

    @Test
    void whatIsNoIdStays() {
        String text = "{\"pad_token_id\": null, \"image_token_id\": -200, \"bos_token\": 2}";

        assertThat(carried(text).file()).isEqualTo(json(text));
        assertThat(carried(text).lost()).isEmpty();
    }

    /// From x, y, `<s>`, `</s>`, `<gone>` to `<s>`, x, y, `</s>`.
    private CarriedOver carried(String text) {
        TinyTokenizer.of(List.of("x", "y", "<s>", "</s>", "<gone>")).write(folder.resolve("a"));
        TinyTokenizer.of(List.of("<s>", "x", "y", "</s>"))
                .setting("eos_token", "</s>")
                .write(folder.resolve("b"));
        ModelTokenizer a = ModelTokenizer.read("a", folder.resolve("a"));
        ModelTokenizer b = ModelTokenizer.read("b", folder.resolve("b"));
        OutputVocabulary output = OutputVocabulary.of(b, Long.MAX_VALUE, List.of());
        return new TokenIds(a.vocabulary(), output).carriedOver(json(text));
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) JsonMapper.shared().readTree(text);
    }
}
