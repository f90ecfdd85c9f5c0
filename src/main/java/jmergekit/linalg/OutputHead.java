package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/// Predicts the next token from states after the last layer. The head is read once, in blocks of
/// its rows; only the logits of a block and of some states are in memory.
final class OutputHead {
    /// Maximum number of logits held at a time.
    private static final long LOGITS = 8L << 20;

    private final DecoderShape shape;
    private final LanguageWeights weights;
    private final LinearLayer linear;

    OutputHead(DecoderShape shape, LanguageWeights weights, LinearLayer linear) {
        this.shape = shape;
        this.weights = weights;
        this.linear = linear;
    }

    /// @param states (rows, hidden), as output by the last layer
    /// @param tokens for each row, the token whose probability is needed
    NextTokens next(NDArray states, int[] tokens) {
        try (NDManager step = states.getManager().newSubManager()) {
            states.attach(step);
            NDArray x = linear.norm(states, weights.finalNorm(), shape.normEpsilon());
            Maxima maxima = new Maxima(tokens);
            linear.forEachBlock(
                    weights.head(),
                    shape.hidden(),
                    (block, first) -> {
                        int width = (int) block.getShape().get(0);
                        int some = Math.clamp(LOGITS / width, 1, tokens.length);
                        for (int row = 0; row < tokens.length; row += some) {
                            int end = Math.min(tokens.length, row + some);
                            try (NDManager part = step.newSubManager()) {
                                NDArray rows = x.get(new NDIndex().addSliceDim(row, end));
                                rows.attach(part);
                                maxima.add(row, (int) first, rows.matMul(block.transpose()), part);
                            }
                        }
                    });
            return maxima.result();
        }
    }

    /// The running state of each row's logits: the maximum, and the sum of the other exponentials
    /// relative to it.
    private static final class Maxima {
        private final int[] tokens;
        private final double[] largest;
        private final double[] sums;
        private final double[] wanted;
        private final int[] best;

        Maxima(int[] tokens) {
            this.tokens = tokens;
            this.largest = new double[tokens.length];
            this.sums = new double[tokens.length];
            this.wanted = new double[tokens.length];
            this.best = new int[tokens.length];
            Arrays.fill(largest, Double.NEGATIVE_INFINITY);
            Arrays.fill(wanted, Double.NaN);
        }

        /// @param logits for rows from `firstRow` and tokens from `firstToken`
        void add(int firstRow, int firstToken, NDArray logits, NDManager owner) {
            int rows = (int) logits.getShape().get(0);
            int width = (int) logits.getShape().get(1);
            long[] columns = new long[rows];
            for (int i = 0; i < rows; i++) {
                columns[i] = Math.clamp(tokens[firstRow + i] - (long) firstToken, 0, width - 1);
            }
            NDArray index = owner.create(columns, new Shape(rows, 1));
            float[] found = logits.gather(index, 1).toFloatArray();
            long[] places = logits.argMax(1).toLongArray();
            NDArray top = logits.max(new int[] {1}, true);
            float[] tops = top.toFloatArray();
            float[] exponentials = logits.subi(top).exp().sum(new int[] {1}).toFloatArray();
            for (int i = 0; i < rows; i++) {
                int row = firstRow + i;
                if (columns[i] == tokens[row] - (long) firstToken) {
                    wanted[row] = found[i];
                }
                if (tops[i] > largest[row]) {
                    best[row] = firstToken + (int) places[i];
                }
                double peak = Math.max(largest[row], tops[i]);
                sums[row] =
                        scaled(sums[row], largest[row] - peak)
                                + scaled(exponentials[i], tops[i] - peak);
                largest[row] = peak;
            }
        }

        private static double scaled(double sum, double exponent) {
            return sum == 0 ? 0 : sum * Math.exp(exponent);
        }

        NextTokens result() {
            double[] logProbabilities = new double[tokens.length];
            for (int i = 0; i < tokens.length; i++) {
                logProbabilities[i] = wanted[i] - largest[i] - Math.log(sums[i]);
                if (!Double.isFinite(largest[i]) || Double.isNaN(sums[i])) {
                    best[i] = NextTokens.NONE;
                }
            }
            return new NextTokens(logProbabilities, best);
        }
    }
}
