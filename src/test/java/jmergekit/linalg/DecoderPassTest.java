package jmergekit.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecoderPassTest {
    private static final double ERROR = 1e-4;
    private static final List<int[]> TEXTS =
            List.of(new int[] {1, 5, 3, 3, 7}, new int[] {2}, new int[] {1, 0, 9});

    @ParameterizedTest
    @CsvSource({
        "LAST, 4, 4, false, false",
        "LAST, 4, 2, true, false",
        "LAST, 6, 2, false, true",
        "MEAN, 4, 1, true, true"
    })
    void statesAreThoseOfPlainLoops(
            Pooling pooling, int heads, int keyHeads, boolean biases, boolean headNorms) {
        RotaryFrequencies rotary = RotaryFrequencies.of(100, 8).linear(2);
        DecoderShape shape = new DecoderShape(3, 24, heads, keyHeads, 8, 1e-5, rotary);
        PlainDecoder decoder = new PlainDecoder(shape, 10, 40, biases, headNorms);

        Map<String, float[]> states = run(shape, decoder, TEXTS, pooling);

        assertThat(states).hasSize(9);
        for (int layer = 0; layer < 3; layer++) {
            for (int text = 0; text < 3; text++) {
                double[][] expected = decoder.states(TEXTS.get(text), layer);
                float[] found = states.get(layer + "/" + text);
                for (int i = 0; i < 24; i++) {
                    assertThat((double) found[i])
                            .isCloseTo(pooled(expected, i, pooling), within(ERROR));
                }
            }
        }
    }

    @Test
    void textsDoNotSeeEachOther() {
        DecoderShape shape =
                new DecoderShape(2, 16, 2, 2, 8, 1e-6, RotaryFrequencies.of(10_000, 8));
        PlainDecoder decoder = new PlainDecoder(shape, 10, 20, false, false);

        Map<String, float[]> together = run(shape, decoder, TEXTS, Pooling.MEAN);
        Map<String, float[]> alone = run(shape, decoder, TEXTS.subList(2, 3), Pooling.MEAN);

        float[] expected = alone.get("1/0");
        float[] found = together.get("1/2");
        for (int i = 0; i < expected.length; i++) {
            assertThat(found[i]).isCloseTo(expected[i], within(1e-5f));
        }
    }

    /// Long enough for the scores to be made in several parts.
    @Test
    void longTextIsTheSameInParts() {
        DecoderShape shape =
                new DecoderShape(2, 8, 16, 1, 2, 1e-6, RotaryFrequencies.of(10_000, 2));
        PlainDecoder decoder = new PlainDecoder(shape, 10, 4, false, false);
        int[] text = new int[1100];
        for (int t = 0; t < text.length; t++) {
            text[t] = t * t % 10;
        }

        float[] found = run(shape, decoder, List.of(text), Pooling.MEAN).get("1/0");

        double[][] expected = decoder.states(text, 1);
        for (int i = 0; i < found.length; i++) {
            assertThat((double) found[i])
                    .isCloseTo(pooled(expected, i, Pooling.MEAN), within(ERROR));
        }
    }

    private static Map<String, float[]> run(
            DecoderShape shape, DecoderWeights weights, List<int[]> texts, Pooling pooling) {
        Map<String, float[]> states = new TreeMap<>();
        new DecoderPass(shape, weights)
                .run(
                        texts,
                        pooling,
                        (layer, text, vector) -> states.put(layer + "/" + text, vector));
        return states;
    }

    private static double pooled(double[][] states, int i, Pooling pooling) {
        if (pooling == Pooling.LAST) {
            return states[states.length - 1][i];
        }
        double sum = 0;
        for (double[] state : states) {
            sum += state[i];
        }
        return sum / states.length;
    }
}
