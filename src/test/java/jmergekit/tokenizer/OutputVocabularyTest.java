package jmergekit.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import jmergekit.fixture.SentencePieces;
import jmergekit.fixture.TinyTokenizer;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputVocabularyTest {
    private static final long ALL = Long.MAX_VALUE;

    @TempDir private Path folder;

    @Test
    void oneModelsVocabularyStaysAsItIs() {
        ModelTokenizer a = tokenizer("a", TinyTokenizer.of(List.of("x", "y")).special("<s>"));

        OutputVocabulary output = OutputVocabulary.of(a, ALL, List.of());

        assertThat(output.isUnchanged()).isTrue();
        assertThat(tokens(output)).containsExactly("x", "y", "<s>");
    }

    @Test
    void tokensAskedForFollowAtTheEnd() {
        ModelTokenizer a = tokenizer("a", TinyTokenizer.of(List.of("x", "y")).special("<s>"));

        OutputVocabulary output = OutputVocabulary.of(a, ALL, List.of("new", "x", "more"));

        assertThat(output.isUnchanged()).isFalse();
        assertThat(tokens(output)).containsExactly("x", "y", "<s>", "new", "more");
        assertThat(output.vocabulary().added("new")).contains(AddedToken.ordinary("new", 3));
        assertThat(output.vocabulary().added("x")).isEmpty();
    }

    @Test
    void aUnionHasOrdinaryTokensBeforeAddedOnesInTheOrderOfTheModels() {
        ModelTokenizer a = tokenizer("a", TinyTokenizer.of(List.of("x", "y")).special("<s>"));
        ModelTokenizer b =
                tokenizer("b", TinyTokenizer.of(List.of("q", "y", "p")).special("<pad>", "<s>"));
        ModelTokenizer c = tokenizer("c", TinyTokenizer.of(List.of("r", "q")).added("<tool>"));

        OutputVocabulary output = OutputVocabulary.union(List.of(a, b, c), all(3), List.of("new"));

        assertThat(tokens(output))
                .containsExactly("x", "y", "<s>", "q", "p", "r", "<pad>", "<tool>", "new");
        assertThat(output.vocabulary().added("q").orElseThrow().normalized()).isTrue();
        assertThat(output.vocabulary().added("<pad>").orElseThrow().special()).isTrue();
        assertThat(output.vocabulary().added("<tool>").orElseThrow().special()).isFalse();
    }

    @Test
    void whatIsAnAddedTokenInOneModelIsOneInTheUnion() {
        ModelTokenizer a = tokenizer("a", TinyTokenizer.of(List.of("x", "<eot>")));
        ModelTokenizer b = tokenizer("b", TinyTokenizer.of(List.of("<end>")));
        ModelTokenizer c = tokenizer("c", TinyTokenizer.of(List.of("x")).special("<eot>", "<end>"));

        OutputVocabulary output = OutputVocabulary.union(List.of(a, b, c), all(3), List.of());

        assertThat(tokens(output)).containsExactly("x", "<eot>", "<end>");
        assertThat(output.vocabulary().added())
                .containsExactly(
                        AddedToken.verbatim("<eot>", 1, true),
                        AddedToken.verbatim("<end>", 2, true));
    }

    @Test
    void aTokenWithoutTextIsNotAdded() {
        ModelTokenizer a = tokenizer("a", TinyTokenizer.of(List.of("x")));
        ModelTokenizer b = tokenizer("b", TinyTokenizer.of(List.of("x", "")));
        ModelTokenizer c = tokenizer("c", TinyTokenizer.of(List.of("x")).special(""));

        OutputVocabulary output =
                OutputVocabulary.union(List.of(a, b, c), all(3), List.of("", "y"));

        assertThat(tokens(output)).containsExactly("x", "y");
    }

    @Test
    void theFirstModelsSettingsOfAnAddedTokenCount() {
        ModelTokenizer a = tokenizer("a", TinyTokenizer.of(List.of("x")).added("<t>"));
        ModelTokenizer b = tokenizer("b", TinyTokenizer.of(List.of("x")).special("<t>"));

        assertThat(OutputVocabulary.union(List.of(a, b), all(2), List.of()).isUnchanged()).isTrue();
        assertThat(
                        OutputVocabulary.union(List.of(b, a), all(2), List.of())
                                .vocabulary()
                                .added("<t>")
                                .orElseThrow()
                                .special())
                .isTrue();
    }

    @Test
    void tokensWithoutARowAreLeftOut() {
        ModelTokenizer a =
                tokenizer("a", TinyTokenizer.of(List.of("x", "y")).special("<s>", "<t>"));

        OutputVocabulary output = OutputVocabulary.of(a, 3, List.of());

        assertThat(tokens(output)).containsExactly("x", "y", "<s>");
        assertThat(output.removed()).containsExactly("<t>");
    }

    @Test
    void tokensWithoutARowComeBackFromAnotherModel() {
        ModelTokenizer a = tokenizer("a", TinyTokenizer.of(List.of("x", "p", "q")).special("<t>"));
        ModelTokenizer b = tokenizer("b", TinyTokenizer.of(List.of("q", "p", "x")).special("<t>"));

        OutputVocabulary output =
                OutputVocabulary.union(List.of(a, b), new long[] {1, ALL}, List.of());

        assertThat(tokens(output)).containsExactly("x", "q", "p", "<t>");
        assertThat(output.removed()).containsExactlyInAnyOrder("p", "q", "<t>");
        assertThat(output.lacks("p")).isFalse();
    }

    @Test
    void tokensThatNoModelHasARowForStayOutOfAUnionUnlessTheyAreNamed() {
        ModelTokenizer a = tokenizer("a", TinyTokenizer.of(List.of("x")));
        ModelTokenizer b =
                tokenizer("b", TinyTokenizer.of(List.of("x", "p", "q")).special("<t>", "<u>"));
        ModelTokenizer c = tokenizer("c", TinyTokenizer.of(List.of("x", "<t>")));

        OutputVocabulary output =
                OutputVocabulary.union(
                        List.of(a, b, c), new long[] {ALL, 2, ALL}, List.of("<u>", "new"));

        assertThat(tokens(output)).containsExactly("x", "p", "<t>", "<u>", "new");
        assertThat(output.vocabulary().added("<t>").orElseThrow().special()).isFalse();
        assertThat(output.vocabulary().added("<u>").orElseThrow().special()).isTrue();
    }

    @Test
    void aNewTokenThatAReaderWouldNumberOtherwiseIsRefused() throws IOException {
        Files.createDirectories(folder.resolve("a"));
        Files.writeString(
                folder.resolve("a/tokenizer.json"),
                "{\"model\": {\"vocab\": {\"x\": 0, \"y\": 5, \"z\": 2}}}");
        ModelTokenizer gaps = ModelTokenizer.read("a", folder.resolve("a"));

        assertThat(OutputVocabulary.of(gaps, ALL, List.of()).vocabulary().size()).isEqualTo(6);
        assertThat(OutputVocabulary.of(gaps, ALL, List.of("new")).vocabulary().id("new"))
                .hasValue(3);
        assertThatThrownBy(() -> OutputVocabulary.of(gaps, ALL, List.of("1", "2", "3")))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("token '3' cannot be added")
                .hasMessageContaining("id 5 is in use");
    }

    @Test
    void aSentencePieceModelCanOnlyStayAsItIs() throws IOException {
        Files.createDirectories(folder.resolve("a"));
        Files.write(
                folder.resolve("a/tokenizer.model"),
                new SentencePieces().unknown("<unk>").normal("▁a").bytes());
        ModelTokenizer a = ModelTokenizer.read("a", folder.resolve("a"));

        assertThat(OutputVocabulary.of(a, ALL, List.of()).isUnchanged()).isTrue();
        assertThatThrownBy(() -> OutputVocabulary.of(a, ALL, List.of("new")))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("tokenizer.model cannot be changed");
    }

    private ModelTokenizer tokenizer(String name, TinyTokenizer tokenizer) {
        tokenizer.write(folder.resolve(name));
        return ModelTokenizer.read(name, folder.resolve(name));
    }

    private static List<String> tokens(OutputVocabulary output) {
        return IntStream.range(0, output.vocabulary().size())
                .mapToObj(id -> output.vocabulary().token(id).orElse("-"))
                .toList();
    }

    private static long[] all(int models) {
        long[] rows = new long[models];
        Arrays.fill(rows, ALL);
        return rows;
    }
}
