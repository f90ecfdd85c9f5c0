package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// The mean squared gradients of a tensor with a row for each token: the head, the embeddings, or
/// both if they are one tensor, whose gradient is then the sum of both. It is computed in blocks of
/// rows, each over all texts, since these tensors are the largest of a model.
///
/// @param head computes the gradients at the logits
/// @param states after the last layer
/// @param gradients at the embeddings of the tokens
record TableFisher(
        DecoderShape shape,
        LanguageWeights weights,
        List<TextSlice> slices,
        HeadGradient head,
        TokenStates states,
        TokenStates gradients) {
    /// Elements of a block.
    private static final int ELEMENTS = 2 << 20;

    /// The work, in blocks that may run at the same time.
    ///
    /// @param asHead whether the tensor is the head
    /// @param asEmbeddings whether it is the embeddings
    List<Runnable> work(boolean asHead, boolean asEmbeddings, String name, StatisticsSink sink) {
        long rows = (asHead ? weights.head() : weights.embeddings()).elements() / shape.hidden();
        long together = Math.clamp(ELEMENTS / shape.hidden(), 1, rows);
        List<Runnable> work = new ArrayList<>();
        for (long row = 0; row < rows; row += together) {
            long first = row;
            long end = Math.min(row + together, rows);
            work.add(() -> block(first, end, asHead, asEmbeddings, name, sink));
        }
        return work;
    }

    private void block(
            long first,
            long end,
            boolean asHead,
            boolean asEmbeddings,
            String name,
            StatisticsSink sink) {
        try (NDManager manager = Torch.newManager();
                LinearLayer linear = new LinearLayer(manager)) {
            Shape size = new Shape(end - first, shape.hidden());
            NDArray sums = manager.zeros(size, DataType.FLOAT32);
            NDArray weight =
                    asHead
                            ? linear.rows(weights.head(), first, end, shape.hidden(), manager)
                            : sums;
            long texts = 0;
            for (TextSlice slice : slices) {
                texts += slice.texts().size();
                try (NDManager step = manager.newSubManager()) {
                    NDArray x = sums;
                    NDArray atLogits = sums;
                    if (asHead) {
                        x = head.norm(states.read(slice, step), linear).output();
                        atLogits = head.atLogits(slice, x, weight, first, step);
                    }
                    long token = 0;
                    for (int[] text : slice.texts()) {
                        try (NDManager own = step.newSubManager()) {
                            NDArray gradient =
                                    asHead
                                            ? product(atLogits, x, token, text.length, own)
                                            : own.zeros(size, DataType.FLOAT32);
                            if (asEmbeddings) {
                                addRows(gradient, first, end, text, slice, token);
                            }
                            sums.addi(gradient.muli(gradient));
                        }
                        token += text.length;
                    }
                }
            }
            SquaredProducts.write(
                    sums, texts, Statistic.FISHER.of(name), first * shape.hidden(), sink);
        }
    }

    private static NDArray product(
            NDArray atLogits, NDArray x, long token, long length, NDManager owner) {
        NDIndex rows = new NDIndex().addSliceDim(token, token + length);
        NDArray left = atLogits.get(rows);
        left.attach(owner);
        NDArray right = x.get(rows);
        right.attach(owner);
        NDArray product = left.transpose().matMul(right);
        product.attach(owner);
        return product;
    }

    /// Adds the gradients of a text's tokens to their rows.
    private void addRows(
            NDArray gradient, long first, long end, int[] text, TextSlice slice, long token) {
        MemorySegment from = gradients.bytes(slice);
        MemorySegment into = MemorySegment.ofBuffer(gradient.toByteBuffer(true));
        for (int i = 0; i < text.length; i++) {
            if (text[i] < first || text[i] >= end) {
                continue;
            }
            long source = (token + i) * shape.hidden();
            long target = (text[i] - first) * shape.hidden();
            for (int j = 0; j < shape.hidden(); j++) {
                float sum =
                        into.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, target + j)
                                + from.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, source + j);
                into.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, target + j, sum);
            }
        }
    }
}
