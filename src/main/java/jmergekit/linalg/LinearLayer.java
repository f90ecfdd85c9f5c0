package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import jmergekit.primitive.SourceTensor;
import jmergekit.tile.TileOps;

/// Products with matrices that are read block by block through one buffer, in float32: memory use
/// does not depend on the size of a matrix.
final class LinearLayer implements AutoCloseable {
    private static final int BLOCK_ELEMENTS = 4 << 20;

    private final NDManager manager;
    private final float[] tile = new float[TileOps.TILE];

    LinearLayer(NDManager parent) {
        this.manager = parent.newSubManager();
    }

    /// Receives a block of a matrix's rows, which is valid during the call.
    interface BlockUse {
        void use(NDArray block, long first);
    }

    /// Reads a matrix (outputs, inputs) block by block.
    void forEachBlock(SourceTensor weight, long inputs, BlockUse use) {
        long outputs = weight.elements() / inputs;
        long rows = Math.clamp(BLOCK_ELEMENTS / inputs, 1, outputs);
        try (NDArray buffer = manager.create(new Shape(rows, inputs), DataType.FLOAT32)) {
            MemorySegment bytes = MemorySegment.ofBuffer(buffer.toByteBuffer(true));
            for (long first = 0; first < outputs; first += rows) {
                long count = Math.min(rows, outputs - first);
                read(weight, first * inputs, count * inputs, bytes);
                try (NDArray block = buffer.get(new NDIndex().addSliceDim(0, count))) {
                    use.use(block, first);
                }
            }
        }
    }

    /// `x` (tokens, inputs) times the transpose of `weight` (outputs, inputs), as an array of the
    /// manager of `x`.
    NDArray apply(NDArray x, SourceTensor weight) {
        NDList parts = new NDList();
        forEachBlock(weight, x.getShape().get(1), (block, _) -> parts.add(product(x, block)));
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        NDArray joined = NDArrays.concat(parts, 1);
        parts.close();
        return joined;
    }

    /// `y` (tokens, outputs) times `weight` (outputs, inputs), as an array of the manager of `y`.
    NDArray applyTransposed(NDArray y, SourceTensor weight, long inputs) {
        NDArray sum =
                y.getManager().zeros(new Shape(y.getShape().get(0), inputs), DataType.FLOAT32);
        forEachBlock(
                weight,
                inputs,
                (block, first) -> {
                    long end = first + block.getShape().get(0);
                    try (NDArray some = y.get(new NDIndex().addAllDim().addSliceDim(first, end));
                            NDArray part = some.matMul(block)) {
                        sum.addi(part);
                    }
                });
        return sum;
    }

    /// Some rows of a matrix, as an array of `owner`.
    NDArray rows(SourceTensor weight, long first, long end, long inputs, NDManager owner) {
        NDArray rows = owner.create(new Shape(end - first, inputs), DataType.FLOAT32);
        MemorySegment bytes = MemorySegment.ofBuffer(rows.toByteBuffer(true));
        read(weight, first * inputs, (end - first) * inputs, bytes);
        return rows;
    }

    private static NDArray product(NDArray x, NDArray block) {
        try (NDArray transposed = block.transpose()) {
            return x.matMul(transposed);
        }
    }

    /// The root mean square norm over the last dimension, times `weight`, as an array of the manager of
    /// `x`.
    NDArray norm(NDArray x, SourceTensor weight, double epsilon) {
        int last = x.getShape().dimension() - 1;
        NDArray size = x.mul(x).mean(new int[] {last}, true).add(epsilon).sqrt();
        return x.div(size).mul(vector(weight, x.getManager()));
    }

    /// The embeddings of the tokens of texts, concatenated.
    ///
    /// @param embeddings (tokens, hidden)
    NDArray embed(List<int[]> texts, SourceTensor embeddings, int hidden, NDManager owner) {
        int tokens = texts.stream().mapToInt(t -> t.length).sum();
        NDArray x = owner.create(new Shape(tokens, hidden), DataType.FLOAT32);
        MemorySegment states = MemorySegment.ofBuffer(x.toByteBuffer(true));
        long next = 0;
        for (int[] text : texts) {
            for (int id : text) {
                read(
                        embeddings,
                        (long) id * hidden,
                        hidden,
                        states.asSlice(next, (long) hidden * Float.BYTES));
                next += (long) hidden * Float.BYTES;
            }
        }
        return x;
    }

    private void read(SourceTensor weight, long from, long elements, MemorySegment into) {
        for (long done = 0; done < elements; done += tile.length) {
            int n = (int) Math.min(tile.length, elements - done);
            weight.read(from + done, n, tile);
            MemorySegment.copy(
                    tile, 0, into, ValueLayout.JAVA_FLOAT_UNALIGNED, done * Float.BYTES, n);
        }
    }

    /// A vector as an array of `owner`.
    NDArray vector(SourceTensor tensor, NDManager owner) {
        float[] values = new float[Math.toIntExact(tensor.elements())];
        for (int done = 0; done < values.length; done += tile.length) {
            int n = Math.min(tile.length, values.length - done);
            tensor.read(done, n, tile);
            System.arraycopy(tile, 0, values, done, n);
        }
        return owner.create(values);
    }

    @Override
    public void close() {
        manager.close();
    }
}
