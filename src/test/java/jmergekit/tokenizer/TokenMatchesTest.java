package jmergekit.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import jmergekit.fixture.TinyTokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenMatchesTest {
    private static final int NONE = TokenMatches.NONE;

    @TempDir private Path folder;

    private TokenTexts texts(String name, TinyTokenizer tokenizer) {
        tokenizer.write(folder.resolve(name));
        return new TokenTexts(ModelTokenizer.read(name, folder.resolve(name)), Long.MAX_VALUE);
    }

    private TokenMatches matches(TinyTokenizer model, TinyTokenizer donor) {
        return new TokenMatches(texts("model", model), texts("donor", donor));
    }

    private static TinyTokenizer letters(String... more) {
        // A vocabulary counts as byte-level if it has the letter of the blank.
        return TinyTokenizer.of(List.of("Ġ", "a", "b", "Ã")).added(more);
    }

    @Test
    void wordsBeginWithABlankInEveryKindOfVocabulary() {
        TinyTokenizer sentencePiece =
                TinyTokenizer.unigram(List.of("▁river", "river", "▁", "<0x0A>"));
        TinyTokenizer byteLevel = TinyTokenizer.of(List.of("river", "Ġriver", "Ġ", "Ċ", "Ã"));

        TokenMatches matches = matches(sentencePiece, byteLevel);

        assertThat(matches.shared(0)).isEqualTo(2);
        assertThat(matches.shared(1)).isEqualTo(1);
        assertThat(matches.shared(2)).isEqualTo(3);
        // A line break is text in one and a byte in the other, which has no other token for it.
        assertThat(matches.shared(3)).isEqualTo(4);
        assertThat(matches.shared(4)).isEqualTo(NONE);
        assertThat(matches.count()).isEqualTo(4);
    }

    @Test
    void controlCharactersAreBytesWhereAVocabularyHasThemAsNothingElse() {
        TinyTokenizer bytes = TinyTokenizer.unigram(List.of("▁", "<0x0A>", "<0x09>", "<0x41>"));
        TinyTokenizer text = TinyTokenizer.of(List.of("Ġ", "Ċ", "ĉ", "A"));

        TokenMatches fromBytes = matches(bytes, text);
        TokenMatches fromText = matches(text, bytes);

        for (int id = 1; id < 3; id++) {
            // The unknown token comes first.
            assertThat(fromBytes.shared(id)).isEqualTo(id + 1);
            assertThat(fromText.shared(id + 1)).isEqualTo(id);
        }
        assertThat(fromBytes.shared(3)).as("a letter has other ways").isEqualTo(NONE);
        assertThat(fromText.shared(4)).isEqualTo(NONE);
    }

    @Test
    void aControlCharacterThatIsTextInBothIsNoByte() {
        TinyTokenizer both = TinyTokenizer.unigram(List.of("▁", "<0x0A>", "\n"));
        TinyTokenizer text = TinyTokenizer.of(List.of("Ġ", "Ċ"));

        assertThat(matches(both, text).shared(1)).isEqualTo(3);
        TokenMatches back = matches(text, both);
        assertThat(back.shared(2)).isEqualTo(NONE);
        assertThat(back.shared(3)).isEqualTo(1);
    }

    @Test
    void continuedWordsOfWordPieceHaveNoBlank() {
        TinyTokenizer wordPiece = TinyTokenizer.wordPiece(List.of("play", "##ing"));
        TinyTokenizer unigram = TinyTokenizer.unigram(List.of("▁play", "ing", "play"));

        TokenMatches matches = matches(wordPiece, unigram);

        assertThat(List.of(matches.shared(1), matches.shared(2), matches.shared(3)))
                .containsExactly(1, 2, NONE);
    }

    @Test
    void lettersOutsideAsciiAreBytesOfUtf8() {
        // É is C3 89, which the byte-level alphabet writes as these two letters.
        TinyTokenizer byteLevel = TinyTokenizer.of(List.of("Ġ", "Ãī", "Ã"));
        TinyTokenizer unigram = TinyTokenizer.unigram(List.of("É", "<0xC3>", "Ã"));

        TokenMatches matches = matches(byteLevel, unigram);

        assertThat(List.of(matches.shared(1), matches.shared(2), matches.shared(3)))
                .containsExactly(1, 2, NONE);
    }

    @Test
    void specialTokensAreTheSameInTheSameRole() {
        TinyTokenizer model = letters().special("</s>", "<|pad|>").setting("eos_token", "</s>");
        TinyTokenizer donor =
                letters()
                        .special("<|end|>", "<|pad|>", "</s>")
                        .setting("eos_token", "<|end|>")
                        .setting("pad_token", "<|pad|>");

        TokenMatches matches = matches(model, donor);

        assertThat(matches.shared(4)).isEqualTo(4);
        assertThat(matches.shared(5)).as("the model has no padding token").isEqualTo(5);
        assertThat(matches.shared(6)).as("of no role in the donor").isEqualTo(4);
    }

    @Test
    void ordinaryTextIsNoSpecialToken() {
        TinyTokenizer model = TinyTokenizer.of(List.of("Ġ", "<s>", "<tool>"));
        TinyTokenizer donor = TinyTokenizer.of(List.of("Ġ")).special("<s>").added("<tool>");

        TokenMatches matches = matches(model, donor);

        assertThat(matches.shared(1)).isEqualTo(NONE);
        assertThat(matches.shared(2)).isEqualTo(2);
    }

    @Test
    void theLongestPrefixCounts() {
        TinyTokenizer model = TinyTokenizer.of(List.of("Ġ", "Ġr", "Ġri", "r", "ĠĠ"));
        TinyTokenizer donor = TinyTokenizer.of(List.of("Ġriver", "river", "Ġn", "ĠĠĠ", "xyz", "Ġ"));

        TokenMatches matches = matches(model, donor);

        assertThat(matches.byPrefix(0)).isEqualTo(2);
        assertThat(matches.byPrefix(1)).isEqualTo(3);
        assertThat(matches.byPrefix(2)).as("a blank is no beginning").isEqualTo(NONE);
        assertThat(matches.byPrefix(3)).as("but it is of blanks").isEqualTo(4);
        assertThat(matches.byPrefix(4)).isEqualTo(NONE);
    }

    @Test
    void aRoleIsSpeltByItsNameAndBytesByBytes() {
        TinyTokenizer model = TinyTokenizer.unigram(List.of("<0xE2>", "<0x80>", "a"));
        TinyTokenizer donor =
                TinyTokenizer.of(List.of("Ġ", "Ġa", "âĢ", "Ã"))
                        .special("<pad>")
                        .setting("pad_token", "<pad>");

        TokenMatches matches = matches(model, donor);

        assertThat(matches.spelling(1)).contains(" a");
        assertThat(matches.spelling(4)).contains("pad_token");
        assertThat(matches.spelling(2)).isEmpty();
        assertThat(matches.inBytes(2)).containsExactly(1, 2);
        assertThat(matches.inBytes(3)).as("the model lacks the byte").isEmpty();
    }

    @Test
    void idsBeyondTheRowsDoNotCount() {
        letters("c").write(folder.resolve("model"));
        TokenTexts few = new TokenTexts(ModelTokenizer.read("model", folder.resolve("model")), 2);

        TokenMatches matches = new TokenMatches(few, texts("donor", letters("c")));

        assertThat(matches.count()).isEqualTo(2);
    }
}
