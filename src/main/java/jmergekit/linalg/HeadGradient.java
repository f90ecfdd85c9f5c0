package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// The gradient of the log-likelihood of texts at the logits: for each token but the last of a text,
/// 1 at the token that follows, minus the probabilities.
final class HeadGradient {
    private static final int NONE = -1;

    private final DecoderShape shape;
    private final LanguageWeights weights;

    /// For each token of all texts, the logarithm of the sum of the exponentials of the logits.
    private final float[] logSums;

    /// @param tokens number of tokens of all texts
    HeadGradient(DecoderShape shape, LanguageWeights weights, long tokens) {
        this.shape = shape;
        this.weights = weights;
        this.logSums = new float[Math.toIntExact(tokens)];
    }

    /// The norm before the head.
    RmsNorm norm(NDArray states, LinearLayer linear) {
        NDArray weight = linear.vector(weights.finalNorm(), states.getManager());
        return new RmsNorm(states, weight, shape.normEpsilon());
    }

    /// The gradient at the head's input. It also finds the sums that [#atLogits] needs.
    ///
    /// @param x the head's input, (tokens, hidden)
    NDArray atInput(TextSlice slice, NDArray x, LinearLayer linear) {
        int first = Math.toIntExact(slice.first());
        float[] largest = new float[slice.tokens()];
        double[] sums = new double[largest.length];
        Arrays.fill(largest, Float.NEGATIVE_INFINITY);
        linear.forEachBlock(
                weights.head(),
                shape.hidden(),
                (block, _) -> {
                    try (NDManager step = x.getManager().newSubManager()) {
                        NDArray logits = x.matMul(block.transpose());
                        logits.attach(step);
                        NDArray top = logits.max(new int[] {1}, true);
                        float[] tops = top.toFloatArray();
                        float[] parts = logits.subi(top).exp().sum(new int[] {1}).toFloatArray();
                        for (int i = 0; i < tops.length; i++) {
                            float peak = Math.max(largest[i], tops[i]);
                            sums[i] =
                                    scaled(sums[i], largest[i] - peak)
                                            + scaled(parts[i], tops[i] - peak);
                            largest[i] = peak;
                        }
                    }
                });
        for (int i = 0; i < largest.length; i++) {
            logSums[first + i] = (float) (largest[i] + Math.log(sums[i]));
        }
        NDArray gradient =
                x.getManager().zeros(new Shape(largest.length, shape.hidden()), DataType.FLOAT32);
        linear.forEachBlock(
                weights.head(),
                shape.hidden(),
                (block, token) -> {
                    try (NDManager step = x.getManager().newSubManager()) {
                        NDArray part = atLogits(slice, x, block, token, step).matMul(block);
                        part.attach(step);
                        gradient.addi(part);
                    }
                });
        return gradient;
    }

    private static double scaled(double sum, double exponent) {
        return sum == 0 ? 0 : sum * Math.exp(exponent);
    }

    /// The gradient at some of the logits, (tokens, rows of the block).
    ///
    /// @param block some rows of the head
    /// @param token the first of these rows
    NDArray atLogits(TextSlice slice, NDArray x, NDArray block, long token, NDManager owner) {
        int tokens = slice.tokens();
        float[] ownSums =
                Arrays.copyOfRange(
                        logSums, (int) slice.first(), Math.toIntExact(slice.first() + tokens));
        NDArray logits = x.matMul(block.transpose());
        logits.attach(owner);
        NDArray gradient = logits.subi(owner.create(ownSums, new Shape(tokens, 1))).exp().neg();
        gradient.attach(owner);
        MemorySegment values = MemorySegment.ofBuffer(gradient.toByteBuffer(true));
        long width = block.getShape().get(0);
        int[] next = next(slice);
        for (int row = 0; row < tokens; row++) {
            if (next[row] == NONE) {
                values.asSlice(row * width * Float.BYTES, width * Float.BYTES).fill((byte) 0);
            } else if (next[row] >= token && next[row] < token + width) {
                long index = row * width + next[row] - token;
                float value = values.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index);
                values.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index, value + 1);
            }
        }
        return gradient;
    }

    private static int[] next(TextSlice slice) {
        int[] next = new int[slice.tokens()];
        int row = 0;
        for (int[] text : slice.texts()) {
            for (int i = 1; i < text.length; i++) {
                next[row++] = text[i];
            }
            next[row++] = NONE;
        }
        return next;
    }
}
