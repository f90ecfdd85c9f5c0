package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import jmergekit.primitive.Matrix;

/// All singular values of a matrix D = U S Vᵀ, and its singular vectors on demand.
///
/// They come from the eigendecomposition of the Gram matrix on the short side, in float64. Squaring
/// costs half of the digits, of which float64 has twice as many as the matrix. Singular values
/// below [#CUT] times the largest count as zero: they are rounding errors of the others.
///
/// The result depends only on the matrix and on the type of processor. For one thread at a time;
/// close it to free the memory, which is off-heap: about `32 n²` bytes, where n is the length of the
/// short side.
public final class Svd implements AutoCloseable {
    /// Singular values of at most this fraction of the largest count as zero.
    public static final double CUT = 1e-5;

    private final NDManager manager;
    private final LongSide longSide;
    private final NDArray vectors;
    private final double[] values;

    private Svd(NDManager manager, LongSide longSide, NDArray vectors, double[] values) {
        this.manager = manager;
        this.longSide = longSide;
        this.vectors = vectors;
        this.values = values;
    }

    /// @param matrix finite, and at least one element
    public static Svd of(Matrix matrix) {
        NDManager manager = Torch.newManager();
        try {
            return Torch.run(() -> of(manager, new LongSide(matrix)));
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    private static Svd of(NDManager manager, LongSide longSide) {
        try (NDManager work = manager.newSubManager()) {
            NDList eigen = Factorisations.symmetricEigen(longSide.gram(work));
            eigen.attach(work);
            // Largest first.
            NDArray vectors = eigen.get(1).flip(1);
            vectors.attach(manager);
            double[] squares = eigen.get(0).toDoubleArray();
            double[] values = new double[squares.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.sqrt(Math.max(0, squares[squares.length - 1 - i]));
            }
            double floor = CUT * values[0];
            Arrays.setAll(values, i -> values[i] > floor ? values[i] : 0);
            return new Svd(manager, longSide, vectors, values);
        }
    }

    /// The singular values, largest first, as many as the short side is long. Those that count as zero
    /// are 0.
    public double[] values() {
        return values.clone();
    }

    /// The number of singular values that are not 0.
    public int rank() {
        return (int) Arrays.stream(values).filter(v -> v > 0).count();
    }

    /// The matrix with other singular values: `U diag(replaced) Vᵀ`.
    ///
    /// @param replaced one for each of [#values]; those of zero directions are ignored
    public Matrix with(double[] replaced) {
        return Torch.run(() -> {
            try (NDManager work = manager.newSubManager()) {
                double[] factors = new double[values.length];
                Arrays.setAll(factors, i -> values[i] == 0 ? 0 : replaced[i] / values[i]);
                NDArray scaled = in(work, vectors.mul(work.create(factors)));
                return longSide.times(in(work, scaled.matMul(vectors.transpose())));
            }
        });
    }

    /// The first `count` left singular vectors.
    public Basis left(int count) {
        return longSide.isTall() ? ofLongSide(count) : ofShortSide(count);
    }

    /// The first `count` right singular vectors.
    public Basis right(int count) {
        return longSide.isTall() ? ofShortSide(count) : ofLongSide(count);
    }

    private Basis ofShortSide(int count) {
        NDManager owner = Torch.newManager();
        NDArray columns = Panels.columns(vectors, 0, count).duplicate();
        columns.attach(owner);
        return new Basis(owner, columns);
    }

    private Basis ofLongSide(int count) {
        NDManager owner = Torch.newManager();
        return Torch.run(() -> {
            try (NDManager work = manager.newSubManager()) {
                double[] factors = new double[count];
                Arrays.setAll(factors, i -> values[i] == 0 ? 0 : 1 / values[i]);
                NDArray scaled = Panels.columns(vectors, 0, count).mul(work.create(factors));
                scaled.attach(work);
                return new Basis(owner, longSide.panel(scaled, owner));
            }
        });
    }

    /// For each singular direction r the share of another matrix E that it holds, as two sums over the
    /// elements of `u_rᵀE`.
    ///
    /// @param products `<u_rᵀD, u_rᵀE>`
    /// @param squares `|u_rᵀE|²`
    public record Shares(double[] products, double[] squares) {}

    /// @param other of the same size
    public Shares shares(Matrix other) {
        return Torch.run(() -> {
            try (NDManager work = manager.newSubManager()) {
                return longSide.isTall() ? tallShares(other, work) : wideShares(other, work);
            }
        });
    }

    // U = D V / s, so that uᵀE = vᵀ (DᵀE) / s, and uᵀD = s vᵀ.
    private Shares tallShares(Matrix other, NDManager work) {
        NDArray crossed = longSide.cross(new LongSide(other), work);
        double[] inverse = new double[values.length];
        Arrays.setAll(inverse, i -> values[i] == 0 ? 0 : 1 / values[i]);
        NDArray scaled = in(work, vectors.mul(work.create(inverse)));
        NDArray rows = in(work, scaled.transpose().matMul(crossed));
        NDArray own = in(work, vectors.mul(work.create(values))).transpose();
        return new Shares(sums(rows.mul(own)), sums(rows.square()));
    }

    // A result belongs to the manager of its first operand, and would be freed with the vectors
    // only.
    private static NDArray in(NDManager work, NDArray result) {
        result.attach(work);
        return result;
    }

    private static double[] sums(NDArray rows) {
        return rows.sum(new int[] {1}).toDoubleArray();
    }

    private Shares wideShares(Matrix other, NDManager work) {
        LongSide second = new LongSide(other);
        NDArray products = work.zeros(new Shape(values.length), DataType.FLOAT64);
        NDArray squares = work.zeros(new Shape(values.length), DataType.FLOAT64);
        for (int block = 0; block < longSide.blocks(); block++) {
            try (NDManager step = work.newSubManager()) {
                NDArray own = longSide.block(block, step).matMul(vectors);
                NDArray its = second.block(block, step).matMul(vectors);
                own.attach(step);
                its.attach(step);
                products.addi(own.mul(its).sum(new int[] {0}));
                squares.addi(its.square().sum(new int[] {0}));
            }
        }
        return new Shares(products.toDoubleArray(), squares.toDoubleArray());
    }

    @Override
    public void close() {
        manager.close();
    }
}
