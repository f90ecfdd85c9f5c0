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

/// Products of many vectors with all rows of a matrix, in float32. PyTorch processes the matrix in
/// blocks of rows, which are kept if they fit the budget, and otherwise read again for each
/// product.
///
/// The exact bits of a product depend on which vectors are multiplied together, and on the type of
/// processor, but not on the threads, of which several may multiply. The memory is off-heap.
public final class RowProducts implements AutoCloseable {
    private static final long BLOCK_BYTES = 8L << 20;

    private final RowSource source;
    private final int rows;
    private final int columns;
    private final int blockRows;
    private final NDManager manager;
    private final List<NDArray> kept = new ArrayList<>();

    /// @param budget maximum bytes of the matrix kept in memory
    public RowProducts(RowSource source, long budget) {
        this.source = source;
        this.rows = Math.toIntExact(source.rows());
        this.columns = Math.toIntExact(source.columns());
        long rowBytes = (long) columns * Float.BYTES;
        this.blockRows = Math.clamp(BLOCK_BYTES / rowBytes, 1, Math.max(1, rows));
        this.manager = Torch.newManager();
        if (rows * rowBytes <= budget) {
            for (int first = 0; first < rows; first += blockRows) {
                kept.add(read(first, manager));
            }
        }
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    private NDArray read(int first, NDManager owner) {
        int count = Math.min(blockRows, rows - first);
        NDArray block = owner.create(new Shape(count, columns), DataType.FLOAT32);
        source.read(first, count, MemorySegment.ofBuffer(block.toByteBuffer(true)));
        return block;
    }

    private interface BlockUse {
        void use(NDArray block, int first);
    }

    private void forEach(NDManager step, BlockUse use) {
        for (int first = 0; first < rows; first += blockRows) {
            if (!kept.isEmpty()) {
                use.use(kept.get(first / blockRows), first);
            } else {
                try (NDArray block = read(first, step)) {
                    use.use(block, first);
                }
            }
        }
    }

    /// The inner products of vectors with all rows.
    ///
    /// @param vectors `count` vectors of `columns` elements
    /// @param into `count` times `rows` products: those of the first vector, then of the second,
    ///     and so on
    public void inner(float[] vectors, int count, float[] into) {
        try (NDManager step = manager.newSubManager();
                NDArray left = array(vectors, count, columns, step)) {
            forEach(
                    step,
                    (block, first) -> {
                        try (NDArray transposed = block.transpose();
                                NDArray product = left.matMul(transposed)) {
                            int width = (int) product.getShape().get(1);
                            MemorySegment bytes =
                                    MemorySegment.ofBuffer(product.toByteBuffer(true));
                            for (int i = 0; i < count; i++) {
                                MemorySegment.copy(
                                        bytes,
                                        ValueLayout.JAVA_FLOAT_UNALIGNED,
                                        (long) i * width * Float.BYTES,
                                        into,
                                        i * rows + first,
                                        width);
                            }
                        }
                    });
        }
    }

    /// Sums of the rows, each multiplied by a coefficient.
    ///
    /// @param coefficients `count` times `rows` of them
    /// @param into `count` vectors of `columns` elements
    public void combined(float[] coefficients, int count, float[] into) {
        try (NDManager step = manager.newSubManager();
                NDArray left = array(coefficients, count, rows, step);
                NDArray sum = step.zeros(new Shape(count, columns), DataType.FLOAT32)) {
            forEach(
                    step,
                    (block, first) -> {
                        long end = first + block.getShape().get(0);
                        try (NDArray part = left.get(new NDIndex(":, {}:{}", first, end));
                                NDArray product = part.matMul(block)) {
                            sum.addi(product);
                        }
                    });
            MemorySegment bytes = MemorySegment.ofBuffer(sum.toByteBuffer(true));
            MemorySegment.copy(
                    bytes, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, into, 0, count * columns);
        }
    }

    private static NDArray array(float[] values, int rows, int columns, NDManager owner) {
        NDArray array = owner.create(new Shape(rows, columns), DataType.FLOAT32);
        MemorySegment bytes = MemorySegment.ofBuffer(array.toByteBuffer(true));
        MemorySegment.copy(values, 0, bytes, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, rows * columns);
        return array;
    }

    @Override
    public void close() {
        manager.close();
    }
}
