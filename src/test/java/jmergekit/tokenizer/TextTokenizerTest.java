package jmergekit.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class TextTokenizerTest {
    private static final Path EXAMPLE = Path.of("examples", "models", "base");
    private static final String CONFIG = "tokenizer_config.json";

    @TempDir private Path folder;

    private static int[] ids(Path folder, String text) {
        return new TextTokenizer("the base", folder).ids(List.of(text)).getFirst();
    }

    /// The example's tokens are the bytes, then `Ġt` (256), `he` (257) and special ones from 258 on.
    @Test
    void textBeginsWithItsTokenAndHasNoOtherSpecialOnes() {
        assertThat(ids(EXAMPLE, "a the")).containsExactly(258, 'a', 256, 257);
    }

    @Test
    void noTokenIsPutInFrontIfTheModelHasNone() throws IOException {
        Files.copy(EXAMPLE.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
        Files.writeString(folder.resolve(CONFIG), "{\"bos_token\": null}");

        assertThat(ids(folder, "a")).containsExactly('a');
    }

    @Test
    void tokenMayBeAnObject() throws IOException {
        Files.copy(EXAMPLE.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
        Files.writeString(folder.resolve(CONFIG), "{\"bos_token\": {\"content\": \"</s>\"}}");

        assertThat(ids(folder, "a")).containsExactly(259, 'a');
    }

    @Test
    void folderWithoutTokenizerIsRefused() {
        assertThatThrownBy(() -> ids(folder, "a"))
                .isInstanceOf(MergeException.class)
                .hasMessageContainingAll("the base", "tokenizer.json", "save_pretrained");
    }

    @Test
    void brokenTokenizerIsRefused() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": 1}");

        assertThatThrownBy(() -> ids(folder, "a"))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("the base/tokenizer.json: cannot be read");
    }

    /// Each of them ends, or would never end, the process that the library runs in.
    @ParameterizedTest
    @CsvSource({
        "normalizer, '{\"type\": \"Precompiled\", \"precompiled_charsmap\": \"\"}'",
        "pre_tokenizer, '{\"type\": \"FixedLength\", \"length\": 0}'",
    })
    void aTokenizerThatCrashesTheLibraryIsRefused(String key, String part) throws IOException {
        write(key, part);

        assertThatThrownBy(() -> ids(folder, "a"))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining(
                        "the base/tokenizer.json: the tokenizers library crashed on it");
    }

    @Test
    void anExpressionNestedTooDeeplyIsRefused() throws IOException {
        write(
                "pre_tokenizer",
                "{\"type\": \"Split\", \"pattern\": {\"Regex\": \"%s%s\"}, \"behavior\": \"Isolated\", \"invert\": false}"
                        .formatted("(".repeat(5000), ")".repeat(5000)));

        assertThatThrownBy(() -> ids(folder, "a"))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("crashed on it");
    }

    @Test
    void numbersOutOfRangeDoNotReachTheLibrary() throws IOException {
        write("decoder", "{\"type\": \"ByteLevel\", \"add_prefix_space\": 1e400}");

        assertThatThrownBy(() -> ids(folder, "a"))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("the number at 'decoder.add_prefix_space'");
    }

    private void write(String key, String part) throws IOException {
        String json = Files.readString(EXAMPLE.resolve("tokenizer.json"));
        ObjectNode tokenizer = (ObjectNode) JsonMapper.shared().readTree(json);
        tokenizer.put(key, "@@");
        Files.writeString(
                folder.resolve("tokenizer.json"), tokenizer.toString().replace("\"@@\"", part));
    }
}
