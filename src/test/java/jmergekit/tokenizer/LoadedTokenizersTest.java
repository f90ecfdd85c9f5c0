package jmergekit.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import jmergekit.fixture.TinyTokenizer;
import jmergekit.tokenizer.TokenizerOutput.Content;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is written here, the tokenizers library reads: with the same ids, and with the same
/// encoding of text that new tokens do not occur in.
class LoadedTokenizersTest {
    private static final String PAGE =
            """
            The quick brown fox jumps over the lazy dog. 0123456789
            Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich.
            Voix ambiguë d’un cœur qui, au zéphyr, préfère les jattes de kiwis.
            Съешь же ещё этих мягких французских булок, да выпей чаю.
            天地玄黃 宇宙洪荒 日月盈昃 辰宿列張
            いろはにほへと ちりぬるを
            نص حكيم له سر قاطع وذو شأن عظيم
            ऋषियों को सताने वाले दुष्ट राक्षसों
            🦊🐕‍🦺 naïve café ﬁ — “quotes”\tand\r\n    return {'a': [1, 2.5e-7]};
            """;

    @TempDir private Path folder;

    static Stream<TinyTokenizer> sources() {
        return Stream.of(
                byteLevel().special("<s>", "</s>"),
                TinyTokenizer.unigram(List.of("▁the", "▁", "q", "u", "i", "c", "k", "▁qu", "ck"))
                        .special("<unk>"),
                TinyTokenizer.wordPiece(List.of("the", "qu", "##ick", "##s", "dog", "."))
                        .special("[UNK]", "[CLS]"),
                TinyTokenizer.of(List.of("the", "t", "h", "e")).special("<s>").added("dog"));
    }

    private static TinyTokenizer byteLevel() {
        return TinyTokenizer.byteLevel(
                List.of("t", "h"), List.of("th", "e"), List.of("Ġ", "the"), List.of("Ð", "µ"));
    }

    @ParameterizedTest
    @MethodSource("sources")
    void newTokensChangeNoOtherText(TinyTokenizer source) throws IOException {
        ModelTokenizer read = read("source", source);

        OutputVocabulary output =
                OutputVocabulary.of(read, Long.MAX_VALUE, List.of("<|im_start|>", "<|im_end|>"));

        try (HuggingFaceTokenizer before = load(folder.resolve("source"));
                HuggingFaceTokenizer after = load(written(output))) {
            assertThat(after.encode(PAGE).getIds()).isEqualTo(before.encode(PAGE).getIds());
            int next = read.vocabulary().size();
            assertThat(after.encode("<|im_start|>", false, false).getIds()).containsExactly(next);
            assertThat(after.encode("<|im_end|>", false, false).getIds()).containsExactly(next + 1);
        }
    }

    @Test
    void aUnionHasTheIdsThatItsFileSays() throws IOException {
        ModelTokenizer a = read("a", byteLevel().special("<s>", "</s>"));
        ModelTokenizer b =
                read(
                        "b",
                        TinyTokenizer.byteLevel(List.of("a", "n"), List.of("Ġ", "an"))
                                .special("</s>", "<pad>")
                                .added("<tool>"));
        ModelTokenizer c = read("c", TinyTokenizer.unigram(List.of("▁dog", "an", "<pad>")));

        OutputVocabulary output =
                OutputVocabulary.union(
                        List.of(a, b, c),
                        new long[] {Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE},
                        List.of("<new>"));

        sameIds(output);
    }

    static Stream<TinyTokenizer> trimmed() {
        return Stream.of(
                byteLevel().special("<s>", "</s>"),
                byteLevel(),
                TinyTokenizer.unigram(List.of("▁the", "▁", "q", "u", "▁qu")).special("</s>"),
                TinyTokenizer.wordPiece(List.of("the", "qu", "##ick", "##s")).added("dog"));
    }

    @ParameterizedTest
    @MethodSource("trimmed")
    void aVocabularyWithoutItsLastTokensStillLoads(TinyTokenizer source) throws IOException {
        ModelTokenizer read = read("source", source);
        int rows = read.vocabulary().size() - 2;

        OutputVocabulary output = OutputVocabulary.of(read, rows, List.of("<new>"));

        assertThat(output.removed()).hasSize(2);
        sameIds(output);
    }

    private void sameIds(OutputVocabulary output) throws IOException {
        Vocabulary vocabulary = output.vocabulary();
        try (HuggingFaceTokenizer loaded = load(written(output))) {
            for (AddedToken token : vocabulary.added()) {
                assertThat(loaded.encode(token.content(), false, false).getIds())
                        .as(token.content())
                        .containsExactly(token.id());
            }
            Encoding page = loaded.encode(PAGE, false, false);
            assertThat(page.getIds()).isNotEmpty();
            for (int i = 0; i < page.getIds().length; i++) {
                Optional<String> token = vocabulary.token((int) page.getIds()[i]);
                // What is unknown is shown as it was.
                if (!token.equals(Optional.of("<unk>"))) {
                    assertThat(token).contains(page.getTokens()[i]);
                }
            }
        }
    }

    private ModelTokenizer read(String name, TinyTokenizer tokenizer) {
        tokenizer.write(folder.resolve(name));
        return ModelTokenizer.read(name, folder.resolve(name));
    }

    private Path written(OutputVocabulary output) throws IOException {
        Path target = Files.createDirectories(folder.resolve("written"));
        for (Map.Entry<String, Content> file :
                TokenizerOutput.of(output, Optional.empty()).written().entrySet()) {
            try (OutputStream out = Files.newOutputStream(target.resolve(file.getKey()))) {
                file.getValue().writeTo(out);
            }
        }
        return target;
    }

    private static HuggingFaceTokenizer load(Path model) throws IOException {
        return HuggingFaceTokenizer.newInstance(
                model.resolve("tokenizer.json"), Map.of("truncation", "false"));
    }
}
