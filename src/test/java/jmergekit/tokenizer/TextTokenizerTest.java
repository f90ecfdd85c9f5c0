package jmergekit.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextTokenizerTest {
    private static final Path EXAMPLE = Path.of("examples", "models", "base");
    private static final String CONFIG = "tokenizer_config.json";

    @TempDir private Path folder;

    /// The example's tokens are the bytes, then `Ġt` (256), `he` (257) and special ones from 258 on.
    @Test
    void textBeginsWithItsTokenAndHasNoOtherSpecialOnes() {
        try (TextTokenizer tokenizer = TextTokenizer.open("base", EXAMPLE)) {
            assertThat(tokenizer.ids("a the")).containsExactly(258, 'a', 256, 257);
        }
    }

    @Test
    void noTokenIsPutInFrontIfTheModelHasNone() throws IOException {
        Files.copy(EXAMPLE.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
        Files.writeString(folder.resolve(CONFIG), "{\"bos_token\": null}");

        try (TextTokenizer tokenizer = TextTokenizer.open("base", folder)) {
            assertThat(tokenizer.ids("a")).containsExactly('a');
        }
    }

    @Test
    void tokenMayBeAnObject() throws IOException {
        Files.copy(EXAMPLE.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
        Files.writeString(folder.resolve(CONFIG), "{\"bos_token\": {\"content\": \"</s>\"}}");

        try (TextTokenizer tokenizer = TextTokenizer.open("base", folder)) {
            assertThat(tokenizer.ids("a")).containsExactly(259, 'a');
        }
    }

    @Test
    void folderWithoutTokenizerIsRefused() {
        assertThatThrownBy(() -> TextTokenizer.open("./base", folder))
                .isInstanceOf(MergeException.class)
                .hasMessageContainingAll("./base", "tokenizer.json", "save_pretrained");
    }

    @Test
    void brokenTokenizerIsRefused() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": 1}");

        assertThatThrownBy(() -> TextTokenizer.open("./base", folder))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("./base/tokenizer.json: cannot be read");
    }
}
