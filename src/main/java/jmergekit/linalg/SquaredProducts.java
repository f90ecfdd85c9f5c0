package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// The sum of squared gradients of a linear module's weight, (outputs, inputs), in blocks of its
/// rows, in float32.
final class SquaredProducts {
    /// Elements of a block.
    private static final int ELEMENTS = 1 << 20;

    private final int outputs;
    private final int rows;
    private final List<NDArray> blocks = new ArrayList<>();

    /// @param owner of the sums
    SquaredProducts(long outputs, long inputs, NDManager owner) {
        this.outputs = Math.toIntExact(outputs);
        this.rows = (int) Math.clamp(ELEMENTS / inputs, 1, outputs);
        for (long first = 0; first < outputs; first += rows) {
            Shape shape = new Shape(Math.min(rows, outputs - first), inputs);
            blocks.add(owner.zeros(shape, DataType.FLOAT32));
        }
    }

    int blocks() {
        return blocks.size();
    }

    /// Adds the squared gradient of each text to a block. Different blocks may be added to at the
    /// same time.
    ///
    /// @param x the module's input, (tokens, inputs)
    /// @param gradient at its output, (tokens, outputs)
    void add(int block, List<int[]> texts, NDArray x, NDArray gradient) {
        long first = (long) block * rows;
        long end = Math.min(first + rows, outputs);
        long token = 0;
        for (int[] text : texts) {
            long next = token + text.length;
            try (NDManager step = Torch.newManager()) {
                NDArray g =
                        gradient.get(
                                new NDIndex().addSliceDim(token, next).addSliceDim(first, end));
                g.attach(step);
                NDArray some = x.get(new NDIndex().addSliceDim(token, next));
                some.attach(step);
                NDArray product = g.transpose().matMul(some);
                blocks.get(block).addi(product.muli(product));
            }
            token = next;
        }
    }

    /// Writes the sums divided by `count`.
    void write(long count, String name, StatisticsSink sink) {
        long first = 0;
        for (NDArray block : blocks) {
            write(block, count, name, first, sink);
            first += block.size();
        }
    }

    /// Writes some elements of a tensor, divided by `count`.
    ///
    /// @throws MergeException if a value is not finite
    static void write(NDArray sums, long count, String name, long first, StatisticsSink sink) {
        try (NDArray total = sums.sum()) {
            if (!Float.isFinite(total.getFloat())) {
                throw new MergeException(
                        Problem.input(name, "the model's gradients are not finite numbers"));
            }
        }
        sums.divi(count);
        sink.write(name, first, MemorySegment.ofBuffer(sums.toByteBuffer(true)));
    }
}
