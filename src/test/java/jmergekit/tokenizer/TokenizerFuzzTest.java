package jmergekit.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import jmergekit.fixture.TinyTokenizer;
import jmergekit.fuzz.Mutation;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Damaged tokenizers are read and written anew, or refused with a message.
class TokenizerFuzzTest {
    private static final int ROUNDS = 1500;

    private static final List<byte[]> PIECES =
            Mutation.tokens(
                    "\"",
                    "{",
                    "}",
                    "[",
                    "]",
                    ":",
                    ",",
                    "null",
                    "-1",
                    "1e999",
                    "4294967296",
                    "\\ud800",
                    "\"vocab\":",
                    "\"merges\":",
                    "\"added_tokens\":",
                    "\"model\":",
                    "\"id\":",
                    "\u00ff");

    @TempDir private Path folder;

    static Stream<TinyTokenizer> tokenizers() {
        return Stream.of(
                TinyTokenizer.of(List.of("a", "b", "ab")).special("<s>").added("x"),
                TinyTokenizer.unigram(List.of("▁a", "b")).special("<unk>", "</s>"),
                TinyTokenizer.wordPiece(List.of("a", "##b")).special("[CLS]"));
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void damagedTokenizersAreReadOrRefused(TinyTokenizer tokenizer) throws IOException {
        Random random = new Random(11);
        Mutation mutation = new Mutation(random, PIECES);
        tokenizer.setting("eos_token", "<s>").write(folder);
        Path json = folder.resolve("tokenizer.json");
        Path settings = folder.resolve("tokenizer_config.json");
        byte[] wholeJson = Files.readAllBytes(json);
        byte[] wholeSettings = Files.readAllBytes(settings);
        int read = 0;
        for (int i = 0; i < ROUNDS; i++) {
            boolean first = random.nextInt(3) > 0;
            Files.write(json, first ? mutation.of(wholeJson) : wholeJson);
            Files.write(settings, first ? wholeSettings : mutation.of(wholeSettings));
            try {
                writeAnew(random.nextInt(6));
                read++;
            } catch (MergeException e) {
                assertThat(e).hasMessageContaining("the model");
            }
        }
        assertThat(read).isBetween(ROUNDS / 50, ROUNDS * 49 / 50);
    }

    private void writeAnew(int rows) throws IOException {
        ModelTokenizer tokenizer = ModelTokenizer.read("the model", folder);
        OutputVocabulary output = OutputVocabulary.of(tokenizer, rows, List.of("new"));
        for (TokenizerOutput.Content content :
                TokenizerOutput.of(output, Optional.empty()).written().values()) {
            content.writeTo(OutputStream.nullOutputStream());
        }
    }
}
