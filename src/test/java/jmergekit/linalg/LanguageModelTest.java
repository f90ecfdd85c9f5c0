package jmergekit.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguageModelTest {
    private static final int TOKENS = 10;
    private static final double ERROR = 1e-4;

    private static DecoderShape shape(int heads, int keyHeads) {
        RotaryFrequencies rotary = RotaryFrequencies.of(100, 8);
        return new DecoderShape(3, 24, heads, keyHeads, 8, 1e-5, rotary);
    }

    private static double[] logProbabilities(double[] logits) {
        double sum = 0;
        for (double logit : logits) {
            sum += Math.exp(logit);
        }
        double total = Math.log(sum);
        return Arrays.stream(logits).map(l -> l - total).toArray();
    }

    private static int best(double[] logits) {
        return IntStream.range(0, logits.length)
                .reduce((a, b) -> logits[b] > logits[a] ? b : a)
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"4, 4, false, false", "4, 2, true, false", "6, 2, false, true"})
    void scoresAreThoseOfPlainLoops(int heads, int keyHeads, boolean biases, boolean headNorms) {
        DecoderShape shape = shape(heads, keyHeads);
        PlainDecoder decoder = new PlainDecoder(shape, TOKENS, 40, biases, headNorms);
        List<ScoredText> texts =
                List.of(
                        new ScoredText(new int[] {1, 5, 3, 3, 7}, 2),
                        new ScoredText(new int[] {2, 0, 6, 1, 4}, 4),
                        new ScoredText(new int[] {2, 9}, 1),
                        new ScoredText(new int[] {1, 0, 9, 9, 9, 2, 4}, 1));

        List<NextTokens> scores = new LanguageModel(shape, decoder).score(texts);

        assertThat(scores).hasSize(4);
        for (int i = 0; i < 4; i++) {
            int[] ids = texts.get(i).ids();
            double[][] logits = decoder.logits(ids);
            int from = texts.get(i).from();
            assertThat(scores.get(i).logProbabilities()).hasSize(ids.length - from);
            for (int t = from; t < ids.length; t++) {
                assertThat(scores.get(i).logProbabilities()[t - from])
                        .isCloseTo(logProbabilities(logits[t - 1])[ids[t]], within(ERROR));
                assertThat(scores.get(i).best()[t - from]).isEqualTo(best(logits[t - 1]));
            }
        }
    }

    /// A head of several blocks of rows, whose logits are in several parts.
    @Test
    void aLargeVocabularyIsTheSameInParts() {
        DecoderShape shape = new DecoderShape(1, 128, 2, 2, 8, 1e-5, RotaryFrequencies.of(100, 8));
        int tokens = 40_000;
        PlainDecoder decoder = new PlainDecoder(shape, tokens, 4, false, false);
        int[] ids = IntStream.range(0, 300).map(i -> i * 37_321 % tokens).toArray();

        NextTokens score =
                new LanguageModel(shape, decoder).score(List.of(new ScoredText(ids, 1))).getFirst();

        double[][] logits = decoder.logits(ids);
        for (int t = 1; t < ids.length; t += 23) {
            assertThat(score.logProbabilities()[t - 1])
                    .isCloseTo(logProbabilities(logits[t - 1])[ids[t]], within(1e-3));
            assertThat(score.best()[t - 1]).isEqualTo(best(logits[t - 1]));
        }
    }

    @Test
    void textsGoOnAsIfTheyWereReadAnew() {
        DecoderShape shape = shape(4, 2);
        PlainDecoder decoder = new PlainDecoder(shape, TOKENS, 40, true, true);
        List<int[]> texts =
                List.of(new int[] {1, 5, 3}, new int[] {4}, new int[] {7, 7, 2}, new int[] {8, 3});
        List<List<Integer>> written =
                texts.stream().<List<Integer>>map(_ -> new ArrayList<>()).toList();

        new LanguageModel(shape, decoder)
                .continueTexts(
                        texts,
                        6,
                        (text, token) -> {
                            written.get(text).add(token);
                            // The third text ends before the first, which has the same length.
                            return text != 2 || written.get(text).size() < 2;
                        });

        for (int i = 0; i < texts.size(); i++) {
            List<Integer> expected = new ArrayList<>();
            int[] ids = texts.get(i);
            for (int step = 0; step < (i == 2 ? 2 : 6); step++) {
                double[][] logits = decoder.logits(ids);
                int next = best(logits[ids.length - 1]);
                expected.add(next);
                ids = IntStream.concat(IntStream.of(ids), IntStream.of(next)).toArray();
            }
            assertThat(written.get(i)).isEqualTo(expected);
        }
    }

    @Test
    void whatTheLibraryCannotDoIsTold() {
        PlainDecoder other = new PlainDecoder(shape(4, 4), TOKENS, 40, false, false);
        LanguageModel model = new LanguageModel(shape(6, 2), other);

        assertThatThrownBy(() -> model.score(List.of(new ScoredText(new int[] {1, 2}, 1))))
                .isInstanceOf(MergeException.class)
                .hasMessageStartingWith("PyTorch: a computation failed: ");
        assertThatThrownBy(() -> model.continueTexts(List.of(new int[] {1, 2}), 1, (_, _) -> true))
                .isInstanceOf(MergeException.class)
                .hasMessageStartingWith("PyTorch: a computation failed: ");
    }

    @Test
    void aTextNeedsATokenToBeToldFrom() {
        assertThatThrownBy(() -> new ScoredText(new int[] {1, 2}, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ScoredText(new int[] {1, 2}, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scoring starts at token 2 of 2");
    }
}
