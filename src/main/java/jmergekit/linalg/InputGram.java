package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jmergekit.primitive.Matrix;

/// A weighted sum of Gram matrices on the columns, `C = sum_i w_i D_iᵀ D_i = V diag(l) Vᵀ`, and a filter
/// on its eigenvalues.
///
/// For one thread at a time; close it to free the memory, which is off-heap: about `40 n²` bytes for n
/// columns, and `24 m n` bytes while a matrix is filtered.
public final class InputGram implements AutoCloseable {
    private final NDManager manager;
    private final NDArray sum;
    private final NDManager filters;
    private NDArray vectors;
    private NDArray spanned;
    private NDArray solved;

    /// @param columns of all matrices
    public InputGram(int columns) {
        this.manager = Torch.newManager();
        this.filters = manager.newSubManager();
        this.sum = manager.zeros(new Shape(columns, columns), DataType.FLOAT64);
        this.vectors = sum;
        this.spanned = sum;
        this.solved = sum;
    }

    /// Adds `weight Dᵀ D`.
    public void add(Matrix matrix, double weight) {
        Torch.run(() -> {
            try (NDManager work = manager.newSubManager()) {
                NDArray dense = dense(matrix, work);
                NDArray gram = dense.transpose().matMul(dense);
                gram.attach(work);
                gram.muli(weight);
                sum.addi(gram);
                return gram;
            }
        });
    }

    /// The eigenvalues, largest first, at least 0. Called once, after all matrices were added.
    public double[] eigenvalues() {
        return Torch.run(() -> {
            try (NDManager work = manager.newSubManager()) {
                NDList eigen = Factorisations.symmetricEigen(sum);
                eigen.attach(work);
                sum.close();
                vectors = eigen.get(1).flip(1);
                vectors.attach(manager);
                double[] ascending = eigen.get(0).toDoubleArray();
                double[] values = new double[ascending.length];
                Arrays.setAll(values, i -> Math.max(0, ascending[ascending.length - 1 - i]));
                return values;
            }
        });
    }

    /// Sets the filter: `F = V diag(filter) Vᵀ` and `H = V diag(inverse) Vᵀ`.
    public void filter(double[] filter, double[] inverse) {
        Torch.run(() -> {
            spanned = product(filter);
            solved = product(inverse);
            return spanned;
        });
    }

    private NDArray product(double[] factors) {
        try (NDManager work = manager.newSubManager()) {
            NDArray scaled = vectors.mul(work.create(factors));
            scaled.attach(work);
            NDArray product = scaled.matMul(vectors.transpose());
            product.attach(filters);
            return product;
        }
    }

    /// Adds `D - D F + weight D Dᵀ D H` to `into`, in row-major order.
    public void addFiltered(Matrix matrix, double weight, float[] into) {
        Torch.run(() -> {
            try (NDManager work = manager.newSubManager()) {
                NDArray dense = dense(matrix, work);
                NDArray result = times(dense, spanned, work).neg();
                result.attach(work);
                result.addi(dense);
                NDArray part = interference(dense, work);
                part.muli(weight);
                result.addi(part);
                NDArray narrow = result.toType(DataType.FLOAT32, true);
                narrow.attach(work);
                float[] values = narrow.toFloatArray();
                for (int i = 0; i < values.length; i++) {
                    into[i] += values[i];
                }
                return values;
            }
        });
    }

    // The Gram matrix on the shorter side is the cheaper one.
    private NDArray interference(NDArray dense, NDManager work) {
        Shape shape = dense.getShape();
        NDArray transposed = dense.transpose();
        transposed.attach(work);
        return shape.get(0) < shape.get(1)
                ? times(times(dense, transposed, work), times(dense, solved, work), work)
                : times(dense, times(times(transposed, dense, work), solved, work), work);
    }

    private static NDArray times(NDArray left, NDArray right, NDManager owner) {
        NDArray product = left.matMul(right);
        product.attach(owner);
        return product;
    }

    private static NDArray dense(Matrix matrix, NDManager owner) {
        NDArray narrow = owner.create(new Shape(matrix.rows(), matrix.columns()), DataType.FLOAT32);
        MemorySegment.copy(
                matrix.values(),
                0,
                MemorySegment.ofBuffer(narrow.toByteBuffer(true)),
                ValueLayout.JAVA_FLOAT_UNALIGNED,
                0,
                matrix.values().length);
        NDArray wide = narrow.toType(DataType.FLOAT64, true);
        wide.attach(owner);
        narrow.close();
        return wide;
    }

    @Override
    public void close() {
        manager.close();
    }
}
