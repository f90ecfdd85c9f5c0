package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// A matrix in blocks of rows. If it fits its budget it is read once and kept; otherwise its blocks
/// pass through one buffer on each use. Products are computed in float32, and their results are
/// float64.
final class BlockedMatrix implements AutoCloseable {
    /// Also the order of magnitude of the product of a block and its panel.
    private static final long BLOCK_BYTES = 16L << 20;

    private interface BlockUse {
        void use(NDArray block, long firstRow, long endRow);
    }

    private final RowSource source;
    private final NDManager manager;
    private final long blockRows;
    private final boolean kept;
    private final List<NDArray> buffers = new ArrayList<>();
    private final double squaredNorm;

    /// @param budget most bytes of the matrix to hold at a time
    BlockedMatrix(NDManager parent, RowSource source, long budget) {
        this.source = source;
        this.manager = parent.newSubManager();
        long rowBytes = source.columns() * Float.BYTES;
        this.kept = source.rows() * rowBytes <= budget;
        this.blockRows =
                Math.clamp(Math.min(BLOCK_BYTES, budget) / rowBytes, 1, Math.max(1, source.rows()));
        double sum = 0;
        for (long first = 0; first < source.rows(); first += blockRows) {
            sum += read(first, buffer(first));
        }
        this.squaredNorm = sum;
    }

    private NDArray buffer(long first) {
        int index = kept ? (int) (first / blockRows) : 0;
        if (index == buffers.size()) {
            Shape shape = new Shape(kept ? end(first) - first : blockRows, columns());
            buffers.add(manager.create(shape, DataType.FLOAT32));
        }
        return buffers.get(index);
    }

    private double read(long first, NDArray buffer) {
        long count = end(first) - first;
        MemorySegment bytes = MemorySegment.ofBuffer(buffer.toByteBuffer(true));
        return source.read(first, count, bytes.asSlice(0, count * columns() * Float.BYTES));
    }

    private long end(long first) {
        return Math.min(first + blockRows, source.rows());
    }

    long rows() {
        return source.rows();
    }

    long columns() {
        return source.columns();
    }

    double noise() {
        return source.noise();
    }

    /// The sum of the squares of all elements.
    double squaredNorm() {
        return squaredNorm;
    }

    private void forEach(BlockUse use) {
        for (long first = 0; first < rows(); first += blockRows) {
            NDArray buffer = buffer(first);
            if (!kept) {
                read(first, buffer);
            }
            long count = end(first) - first;
            if (count == buffer.getShape().get(0)) {
                use.use(buffer, first, first + count);
            } else {
                try (NDArray part = buffer.get(new NDIndex("0:{}", count))) {
                    use.use(part, first, first + count);
                }
            }
        }
    }

    /// This matrix times `panel`, as an array of `owner`.
    NDArray times(NDArray panel, NDManager owner) {
        try (NDArray narrow = panel.toType(DataType.FLOAT32, true)) {
            return stacked(block -> block.matMul(narrow), owner);
        }
    }

    /// The whole matrix in float64, as an array of `owner`; for matrices with a short side.
    NDArray dense(NDManager owner) {
        return stacked(NDArray::duplicate, owner);
    }

    private NDArray stacked(UnaryOperator<NDArray> ofBlock, NDManager owner) {
        try (NDManager step = owner.newSubManager()) {
            NDList parts = new NDList();
            forEach((block, _, _) -> {
                try (NDArray part = ofBlock.apply(block)) {
                    NDArray wide = part.toType(DataType.FLOAT64, true);
                    wide.attach(step);
                    parts.add(wide);
                }
            });
            NDArray result = parts.size() == 1 ? parts.getFirst() : NDArrays.concat(parts);
            result.attach(owner);
            return result;
        }
    }

    /// The transpose of this matrix times `panel`, as an array of `owner`.
    NDArray transposeTimes(NDArray panel, NDManager owner) {
        NDArray sum = owner.zeros(new Shape(columns(), panel.getShape().get(1)), DataType.FLOAT64);
        try (NDArray narrow = panel.toType(DataType.FLOAT32, true)) {
            forEach((block, first, end) -> {
                try (NDArray transposed = block.transpose();
                        NDArray rows = narrow.get(new NDIndex("{}:{}", first, end));
                        NDArray part = transposed.matMul(rows);
                        NDArray wide = part.toType(DataType.FLOAT64, true)) {
                    sum.addi(wide);
                }
            });
        }
        return sum;
    }

    /// The Frobenius norm of this matrix minus `left` times `right`, both in float32.
    double distance(NDArray left, NDArray right) {
        double[] sum = {0};
        forEach((block, first, end) -> {
            try (NDArray rows = left.get(new NDIndex("{}:{}", first, end));
                    NDArray product = rows.matMul(right)) {
                product.subi(block);
                try (NDArray norm = product.norm()) {
                    double value = norm.getFloat();
                    sum[0] += value * value;
                }
            }
        });
        return Math.sqrt(sum[0]);
    }

    @Override
    public void close() {
        manager.close();
    }
}
