package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.List;
import jmergekit.primitive.Matrix;
import jmergekit.primitive.SourceTensor;

/// Least squares with Gram matrices: for weights `W_i` and the Gram matrices `G_i` of their inputs, the
/// change `X` of a common `M` with `X sum_i w_i G_i = sum_i w_i (W_i - M) G_i`. Then `M + X` minimises
/// `sum_i w_i tr((W - W_i) G_i (W - W_i)ᵀ)`.
///
/// X is 0 along directions that no `G_i` has, for example for an input that was always 0.
///
/// For one thread at a time; close it to free the memory, which is off-heap.
public final class GramRegression implements AutoCloseable {
    /// The off-diagonal elements of the sum are at least this much smaller, as a fraction, than those
    /// of the Gram matrices: more than float32 rounds them, so that the sum is regular.
    private static final double REDUCTION = 1e-5;

    private static final int BLOCK_ELEMENTS = 1 << 22;

    private final int columns;
    private final int blockRows;
    private final double offDiagonal;
    private final NDManager manager;
    private final NDArray sum;
    private final double[] diagonal;
    private final List<NDArray> right = new ArrayList<>();

    /// @param rows outputs of the layer
    /// @param columns inputs of the layer
    /// @param offDiagonal factor on the elements of Gram matrices outside their diagonals
    public GramRegression(int rows, int columns, double offDiagonal) {
        this(rows, columns, offDiagonal, BLOCK_ELEMENTS);
    }

    GramRegression(int rows, int columns, double offDiagonal, int blockElements) {
        this.columns = columns;
        this.offDiagonal = offDiagonal;
        this.blockRows = Math.max(1, blockElements / Math.max(1, columns));
        this.manager = Torch.newManager();
        this.sum = manager.zeros(new Shape(columns, columns), DataType.FLOAT64);
        this.diagonal = new double[columns];
        for (int first = 0; first < rows; first += blockRows) {
            Shape shape = new Shape(Math.min(blockRows, rows - first), columns);
            right.add(manager.zeros(shape, DataType.FLOAT64));
        }
    }

    /// Off-heap bytes: both sides of the equation and up to eight blocks.
    public static long bytes(long rows, long columns) {
        long largest = Math.max(rows, columns) * columns;
        return Double.BYTES
                * (columns * (rows + columns) + 8 * Math.min(largest, BLOCK_ELEMENTS + columns));
    }

    /// Adds the terms of one model.
    ///
    /// @param gram of the columns of `matrix`, row by row; it is read in blocks
    public void add(Matrix matrix, Matrix mean, SourceTensor gram, double weight) {
        float[] narrow = new float[Math.min(blockRows, columns) * columns];
        for (int first = 0; first < columns; first += blockRows) {
            int count = Math.min(blockRows, columns - first);
            gram.read((long) first * columns, count * columns, narrow);
            int start = first;
            Torch.run(() -> {
                try (NDManager work = manager.newSubManager()) {
                    NDArray some = scaled(narrow, start, count, weight, work);
                    // A view: the sum changes with it.
                    NDArray own = sum.get(new NDIndex("{}:{}", start, start + count));
                    own.attach(work);
                    own.addi(some);
                    addProducts(matrix, mean, start, some, work);
                    return sum;
                }
            });
        }
    }

    private NDArray scaled(float[] narrow, int first, int count, double weight, NDManager owner) {
        NDArray wide = owner.create(new Shape(count, columns), DataType.FLOAT64);
        DoubleBuffer values = doubles(wide);
        for (int row = 0; row < count; row++) {
            int at = row * columns;
            for (int column = 0; column < columns; column++) {
                values.put(at + column, weight * offDiagonal * narrow[at + column]);
            }
            double own = weight * narrow[at + first + row];
            values.put(at + first + row, own);
            diagonal[first + row] += own;
        }
        return wide;
    }

    // The columns of the changes that meet these rows of the Gram matrix.
    private void addProducts(Matrix matrix, Matrix mean, int first, NDArray some, NDManager work) {
        int count = (int) some.getShape().get(0);
        for (int block = 0; block < right.size(); block++) {
            try (NDManager step = work.newSubManager()) {
                NDArray into = right.get(block);
                int height = (int) into.getShape().get(0);
                NDArray changes = step.create(new Shape(height, count), DataType.FLOAT64);
                DoubleBuffer values = doubles(changes);
                for (int row = 0; row < height; row++) {
                    int at = (block * blockRows + row) * columns + first;
                    for (int k = 0; k < count; k++) {
                        double change = (double) matrix.values()[at + k] - mean.values()[at + k];
                        values.put(row * count + k, change);
                    }
                }
                NDArray product = changes.matMul(some);
                product.attach(step);
                into.addi(product);
            }
        }
    }

    /// Adds the solution to the mean. Called once, after all models were added.
    ///
    /// @return false if the sum of the Gram matrices is not positive definite or not finite, so that
    ///     the mean was left as it is
    public boolean addSolution(Matrix mean) {
        return Torch.run(() -> {
            try (NDManager work = manager.newSubManager()) {
                if (!Factorisations.cholesky(sum, work.create(ridge()))) {
                    return false;
                }
                for (int block = 0; block < right.size(); block++) {
                    addSolution(block, mean.values());
                }
                return true;
            }
        });
    }

    private void addSolution(int block, float[] mean) {
        try (NDManager step = manager.newSubManager()) {
            NDArray solution = Factorisations.choleskySolve(sum, right.get(block));
            solution.attach(step);
            double[] changes = solution.toDoubleArray();
            int at = block * blockRows * columns;
            for (int i = 0; i < changes.length; i++) {
                mean[at + i] = (float) (mean[at + i] + changes[i]);
            }
        }
    }

    // A larger diagonal is the same as smaller off-diagonal elements. An input that no model has
    // ever
    // seen has a row and a column of zeros, which 1 makes regular.
    private double[] ridge() {
        double factor = Math.max(0, REDUCTION - (1 - offDiagonal));
        double[] ridge = new double[columns];
        for (int i = 0; i < columns; i++) {
            ridge[i] = diagonal[i] == 0 ? 1 : factor * diagonal[i];
        }
        return ridge;
    }

    private static DoubleBuffer doubles(NDArray array) {
        return array.toByteBuffer(true).asDoubleBuffer();
    }

    @Override
    public void close() {
        manager.close();
    }
}
