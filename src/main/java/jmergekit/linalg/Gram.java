package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// The sum of `x xᵀ` over many vectors. Products of some hundred vectors are made in float32, and
/// summed in float64. Only the upper triangle is computed, in panels of rows.
final class Gram implements AutoCloseable {
    private static final int PANEL = 512;

    private final int size;
    private final NDManager manager;

    /// Panel `i` has the rows from `i * PANEL`, and the columns from the same number.
    private final List<NDArray> panels = new ArrayList<>();

    /// @param size of a vector
    Gram(int size, NDManager parent) {
        this.size = size;
        this.manager = parent.newSubManager();
        for (int first = 0; first < size; first += PANEL) {
            Shape shape = new Shape(end(first) - first, size - first);
            panels.add(manager.zeros(shape, DataType.FLOAT64));
        }
    }

    private int end(int first) {
        return Math.min(first + PANEL, size);
    }

    int panels() {
        return panels.size();
    }

    /// Adds to one panel. Different panels may be added to at the same time.
    ///
    /// @param x (vectors, size)
    void add(int panel, NDArray x) {
        int first = panel * PANEL;
        try (NDManager step = manager.newSubManager()) {
            NDArray rows = x.get(new NDIndex().addAllDim().addSliceDim(first, end(first)));
            rows.attach(step);
            NDArray columns = x.get(new NDIndex().addAllDim().addSliceDim(first, size));
            columns.attach(step);
            NDArray product = rows.transpose().matMul(columns);
            product.attach(step);
            panels.get(panel).addi(product.toType(DataType.FLOAT64, true));
        }
    }

    /// Writes the matrix divided by `count`.
    ///
    /// @throws MergeException if a value is not finite
    void write(long count, String name, StatisticsSink sink) {
        List<MemorySegment> sums =
                panels.stream().map(p -> MemorySegment.ofBuffer(p.toByteBuffer(true))).toList();
        for (int first = 0; first < size; first += PANEL) {
            int end = end(first);
            ByteBuffer buffer = ByteBuffer.allocateDirect((end - first) * size * Float.BYTES);
            MemorySegment rows = MemorySegment.ofBuffer(buffer);
            long next = 0;
            for (int row = first; row < end; row++) {
                for (int column = 0; column < size; column++) {
                    double sum = column < row ? sum(sums, column, row) : sum(sums, row, column);
                    if (!Double.isFinite(sum)) {
                        throw new MergeException(
                                Problem.input(name, "the model's states are not finite numbers"));
                    }
                    rows.setAtIndex(
                            ValueLayout.JAVA_FLOAT_UNALIGNED, next++, (float) (sum / count));
                }
            }
            sink.write(name, (long) first * size, rows);
        }
    }

    // In the upper triangle.
    private double sum(List<MemorySegment> sums, int row, int column) {
        int panel = row / PANEL;
        int first = panel * PANEL;
        long index = (long) (row - first) * (size - first) + column - first;
        return sums.get(panel).getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, index);
    }

    @Override
    public void close() {
        manager.close();
    }
}
