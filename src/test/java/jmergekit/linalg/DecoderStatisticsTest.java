package jmergekit.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import jmergekit.threads.Workers;
import jmergekit.weights.ScratchFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecoderStatisticsTest {
    private static final int TOKENS = 7;
    private static final float STEP = 1 / 1024f;
    private static final List<int[]> TEXTS =
            List.of(new int[] {1, 5, 3, 3, 6}, new int[] {2, 0, 1}, new int[] {1, 0, 6, 2, 4});

    @TempDir private Path folder;

    private record Names(boolean isTied) implements TensorNames {
        @Override
        public String embeddings() {
            return "embeddings";
        }

        @Override
        public String finalNorm() {
            return "norm";
        }

        @Override
        public String head() {
            return isTied ? "embeddings" : "head";
        }

        @Override
        public String ofLayer(int layer, String rest) {
            return layer + "." + rest;
        }
    }

    private Map<String, float[]> run(
            DecoderShape shape, PlainDecoder decoder, boolean tied, Statistic kind) {
        Map<String, float[]> found = new ConcurrentHashMap<>();
        StatisticsSink sink =
                (name, first, values) -> {
                    assertThat(first).isZero();
                    found.put(name, values.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED));
                };
        DecoderStatistics.Steps steps =
                new DecoderStatistics.Steps() {
                    @Override
                    public void part(long work) {}

                    @Override
                    public void pass() {}
                };
        try (Workers workers = new Workers(2);
                ScratchFile scratch = ScratchFile.create(folder.resolve("states"))) {
            new DecoderStatistics(shape, decoder, new Names(tied), workers)
                    .run(TEXTS, Set.of(kind), scratch, sink, steps);
        }
        return found;
    }

    private static double logLikelihood(PlainDecoder decoder, int[] text) {
        double[][] logits = decoder.logits(text);
        double sum = 0;
        for (int t = 0; t + 1 < text.length; t++) {
            double total = 0;
            for (double logit : logits[t]) {
                total += Math.exp(logit);
            }
            sum += logits[t][text[t + 1]] - Math.log(total);
        }
        return sum;
    }

    /// The derivative by one element, from differences in float64.
    private static double derivative(PlainDecoder decoder, float[] values, int i, int[] text) {
        float value = values[i];
        double[] at = new double[5];
        for (int step = -2; step <= 2; step++) {
            values[i] = value + step * STEP;
            at[step + 2] = logLikelihood(decoder, text);
        }
        values[i] = value;
        return (at[0] - 8 * at[1] + 8 * at[3] - at[4]) / (12 * STEP);
    }

    @ParameterizedTest
    @CsvSource({
        "2, 2, false, false, false",
        "4, 2, true, false, true",
        "2, 1, false, true, false",
        "4, 2, true, true, true"
    })
    void fisherInformationIsThatOfDifferences(
            int heads, int keyHeads, boolean biases, boolean headNorms, boolean tied) {
        RotaryFrequencies rotary = new RotaryFrequencies(new double[] {1, 0.1}, 1.2);
        DecoderShape shape = new DecoderShape(2, 8, heads, keyHeads, 4, 1e-5, rotary);
        PlainDecoder decoder = new PlainDecoder(shape, TOKENS, 10, biases, headNorms);
        if (tied) {
            decoder.tied();
        }

        Map<String, float[]> found = run(shape, decoder, tied, Statistic.FISHER);

        assertThat(found).hasSize(decoder.names().size() - (tied ? 1 : 0));
        found.forEach((name, fisher) -> {
            float[] values = decoder.values(name.substring("fisher.".length()));
            assertThat(fisher).hasSameSizeAs(values);
            for (int i = 0; i < values.length; i++) {
                double expected = 0;
                for (int[] text : TEXTS) {
                    double derivative = derivative(decoder, values, i, text);
                    expected += derivative * derivative / TEXTS.size();
                }
                assertThat((double) fisher[i])
                        .as("%s %d", name, i)
                        .isCloseTo(expected, within(1e-3 * expected + 1e-6));
            }
        });
    }

    /// The first input is a norm of the states, which the reference has.
    @Test
    void gramsAreMeansOverTokens() {
        RotaryFrequencies rotary = RotaryFrequencies.of(100, 4);
        DecoderShape shape = new DecoderShape(2, 8, 2, 1, 4, 1e-5, rotary);
        PlainDecoder decoder = new PlainDecoder(shape, TOKENS, 10, false, false);

        Map<String, float[]> found = run(shape, decoder, false, Statistic.GRAM);

        double[] expected = new double[64];
        float[] weight = decoder.values("1.input_layernorm.weight");
        for (int[] text : TEXTS) {
            for (double[] x : decoder.states(text, 1)) {
                double squares = 0;
                for (double v : x) {
                    squares += v * v;
                }
                double size = Math.sqrt(squares / 8 + 1e-5);
                for (int i = 0; i < 64; i++) {
                    expected[i] +=
                            x[i / 8] * weight[i / 8] * x[i % 8] * weight[i % 8] / size / size / 13;
                }
            }
        }
        assertThat(found).hasSize(2 * 4 + 1);
        for (int i = 0; i < 64; i++) {
            assertThat((double) found.get("gram.1.self_attn.q_proj.weight")[i])
                    .isCloseTo(expected[i], within(1e-5));
        }
    }

    @Test
    void attentionInSmallGroupsIsTheSame() {
        DecoderShape shape = new DecoderShape(1, 8, 4, 2, 4, 1e-5, RotaryFrequencies.of(100, 4));
        try (NDManager manager = Torch.newManager()) {
            TokenRows rows =
                    TokenRows.of(shape, List.of(new int[3], new int[5], new int[5]), manager);
            AttentionGradient whole = gradient(shape, rows, 1L << 20, manager);
            AttentionGradient parts = gradient(shape, rows, 1, manager);

            assertSame(whole.output(), parts.output());
            assertSame(whole.queries(), parts.queries());
            assertSame(whole.keys(), parts.keys());
            assertSame(whole.values(), parts.values());
        }
    }

    private static AttentionGradient gradient(
            DecoderShape shape, TokenRows rows, long scores, NDManager manager) {
        AttentionGradient gradient =
                new AttentionGradient(
                        shape,
                        rows,
                        pattern(manager, 13, 4, 4),
                        pattern(manager, 13, 2, 4).muli(2),
                        pattern(manager, 13, 2, 4),
                        scores);
        gradient.differentiate(pattern(manager, 13, 16));
        return gradient;
    }

    private static NDArray pattern(NDManager manager, long... shape) {
        Shape size = new Shape(shape);
        float[] values = new float[(int) size.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (37 * i % 101 - 50) / 40f;
        }
        return manager.create(values, size);
    }

    private static void assertSame(NDArray expected, NDArray found) {
        assertThat(found.getShape()).isEqualTo(expected.getShape());
        assertThat(found.toFloatArray()).containsExactly(expected.toFloatArray(), within(1e-6f));
    }
}
