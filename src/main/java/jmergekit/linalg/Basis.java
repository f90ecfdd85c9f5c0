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
import java.util.Arrays;
import java.util.List;
import jmergekit.primitive.Matrix;

/// Vectors of equal length as the columns of a float64 matrix, such as singular vectors.
///
/// For one thread at a time; close it to free the memory, which is off-heap.
public final class Basis implements AutoCloseable {
    private static final int BLOCK_ELEMENTS = 1 << 20;

    private final NDManager manager;
    private final NDArray columns;

    /// @param manager is closed with the basis, and owns `columns`
    Basis(NDManager manager, NDArray columns) {
        this.manager = manager;
        this.columns = columns;
    }

    /// The vectors of several bases, in their order.
    public static Basis joined(List<Basis> parts) {
        NDManager owner = Torch.newManager();
        NDList all = new NDList();
        parts.forEach(p -> all.add(p.columns));
        NDArray columns = all.size() == 1 ? all.getFirst().duplicate() : NDArrays.concat(all, 1);
        columns.attach(owner);
        return new Basis(owner, columns);
    }

    public int count() {
        return (int) columns.getShape().get(1);
    }

    private int length() {
        return (int) columns.getShape().get(0);
    }

    /// The nearest orthonormal vectors: the orthogonal polar factor `B (BᵀB)^(-1/2)`. It equals `P Qᵀ`
    /// of the singular value decomposition `B = P S Qᵀ`. Directions that the vectors do not span, with
    /// singular values of at most [Svd#CUT] times the largest, stay zero.
    public Basis polar() {
        NDManager owner = Torch.newManager();
        return Torch.run(() -> {
            try (NDManager work = manager.newSubManager()) {
                NDArray gram = columns.transpose().matMul(columns);
                gram.attach(work);
                NDList eigen = Factorisations.symmetricEigen(gram);
                eigen.attach(work);
                double[] squares = eigen.get(0).toDoubleArray();
                double floor = Svd.CUT * Svd.CUT * squares[squares.length - 1];
                double[] factors = new double[squares.length];
                Arrays.setAll(factors, i -> squares[i] > floor ? 1 / Math.sqrt(squares[i]) : 0);
                NDArray vectors = eigen.get(1);
                NDArray scaled = vectors.mul(work.create(factors));
                NDArray root = scaled.matMul(vectors.transpose());
                NDArray result = columns.matMul(root);
                result.attach(owner);
                return new Basis(owner, result);
            }
        });
    }

    /// `B diag(values) Rᵀ`, where R is `right`, in float32.
    ///
    /// @param values one for each vector
    /// @param right as many vectors as this basis has
    public Matrix product(double[] values, Basis right) {
        int rows = length();
        int width = right.length();
        float[] result = new float[Math.multiplyExact(rows, width)];
        Torch.run(() -> {
            try (NDManager work = manager.newSubManager()) {
                NDArray transposed = right.columns.mul(work.create(values)).transpose();
                transposed.attach(work);
                forEachBlock(
                        rows,
                        width,
                        work,
                        (first, end, step) -> {
                            NDArray some = columns.get(new NDIndex("{}:{}", first, end));
                            some.attach(step);
                            write(some.matMul(transposed), result, first * width, step);
                        });
            }
            return result;
        });
        return new Matrix(result, rows, width);
    }

    /// The part of a matrix D that the orthonormal vectors do not span: `D - B Bᵀ D`.
    public Matrix residual(Matrix matrix) {
        int rows = matrix.rows();
        int width = matrix.columns();
        float[] result = new float[matrix.values().length];
        Torch.run(() -> {
            try (NDManager work = manager.newSubManager()) {
                NDArray shares = work.zeros(new Shape(count(), width), DataType.FLOAT64);
                forEachBlock(
                        rows,
                        width,
                        work,
                        (first, end, step) -> {
                            NDArray own = columns.get(new NDIndex("{}:{}", first, end));
                            own.attach(step);
                            NDArray part = own.transpose().matMul(rows(matrix, first, end, step));
                            part.attach(step);
                            shares.addi(part);
                        });
                forEachBlock(
                        rows,
                        width,
                        work,
                        (first, end, step) -> {
                            NDArray own = columns.get(new NDIndex("{}:{}", first, end));
                            own.attach(step);
                            NDArray spanned = own.matMul(shares);
                            spanned.attach(step);
                            NDArray rest = rows(matrix, first, end, step).sub(spanned);
                            write(rest, result, first * width, step);
                        });
            }
            return result;
        });
        return new Matrix(result, rows, width);
    }

    private interface BlockUse {
        void use(int first, int end, NDManager step);
    }

    private static void forEachBlock(int rows, int width, NDManager work, BlockUse use) {
        int blockRows = Math.clamp(BLOCK_ELEMENTS / Math.max(1, width), 1, Math.max(1, rows));
        for (int first = 0; first < rows; first += blockRows) {
            try (NDManager step = work.newSubManager()) {
                use.use(first, Math.min(rows, first + blockRows), step);
            }
        }
    }

    private static NDArray rows(Matrix matrix, int first, int end, NDManager owner) {
        int width = matrix.columns();
        NDArray narrow = owner.create(new Shape(end - first, width), DataType.FLOAT32);
        MemorySegment.copy(
                matrix.values(),
                first * width,
                MemorySegment.ofBuffer(narrow.toByteBuffer(true)),
                ValueLayout.JAVA_FLOAT_UNALIGNED,
                0,
                (end - first) * width);
        NDArray wide = narrow.toType(DataType.FLOAT64, true);
        wide.attach(owner);
        return wide;
    }

    private static void write(NDArray product, float[] result, int at, NDManager step) {
        product.attach(step);
        NDArray narrow = product.toType(DataType.FLOAT32, true);
        narrow.attach(step);
        float[] values = narrow.toFloatArray();
        System.arraycopy(values, 0, result, at, values.length);
    }

    @Override
    public void close() {
        manager.close();
    }
}
