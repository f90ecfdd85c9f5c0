package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.lang.foreign.MemorySegment;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import jmergekit.tile.CounterRandom;

/// The best approximation of a matrix by the product of a tall and a wide matrix of a small rank,
/// with an error within 0.1 % of the smallest possible.
///
/// The result depends only on the matrix, the rule and the key, and on the type of processor:
/// libraries choose the order of summation in matrix products by processor. For one thread at a
/// time; close it to free the memory, which is off-heap.
public final class LowRank implements AutoCloseable {
    /// The first attempt if the rank follows from the energy.
    private static final int FIRST_RANK = 32;

    private final NDManager manager;
    private final BlockedMatrix matrix;
    private final int rank;
    private final boolean converged;
    private final NDArray left;
    private final NDArray right;

    private LowRank(
            NDManager manager,
            BlockedMatrix matrix,
            boolean converged,
            int rank,
            NDArray left,
            NDArray right) {
        this.manager = manager;
        this.matrix = matrix;
        this.converged = converged;
        this.rank = rank;
        this.left = left;
        this.right = right;
    }

    /// @param seed together with `name`, determines where the iteration starts
    /// @param budget maximum bytes of the matrix held at a time; a larger matrix is read again for
    ///     each product
    public static LowRank of(
            RowSource source, RankRule rule, Scale scale, long seed, String name, long budget) {
        NDManager manager = Torch.newManager();
        try {
            BlockedMatrix matrix = new BlockedMatrix(manager, source, budget);
            return matrix.squaredNorm() == 0
                    ? zero(manager, matrix)
                    : of(manager, matrix, rule, scale, CounterRandom.key(seed, name, 0));
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    private static LowRank zero(NDManager manager, BlockedMatrix matrix) {
        NDArray nothing = manager.create(new Shape(0), DataType.FLOAT32);
        return new LowRank(manager, matrix, true, 0, nothing, nothing);
    }

    private static LowRank of(
            NDManager manager, BlockedMatrix matrix, RankRule rule, Scale scale, long key) {
        try (NDManager work = manager.newSubManager()) {
            SubspaceIteration.Outcome outcome = iterate(work, matrix, rule, key);
            RitzBasis basis = outcome.basis();
            int rank = rule.rank(basis.squares(), matrix.squaredNorm(), matrix.noise());
            if (rank == 0) {
                return zero(manager, matrix);
            }
            double[] values =
                    DoubleStream.of(basis.squares()).limit(rank).map(Math::sqrt).toArray();
            NDArray left = narrow(basis.left(), values, scale::ofLeft);
            NDArray wide = narrow(basis.right(), values, scale::ofRight).transpose();
            // Flattening keeps the row-major order of its elements in memory.
            NDArray right = wide.flatten().reshape(new Shape(rank, matrix.columns()));
            left.attach(manager);
            right.attach(manager);
            return new LowRank(manager, matrix, outcome.converged(), rank, left, right);
        }
    }

    private static SubspaceIteration.Outcome iterate(
            NDManager work, BlockedMatrix matrix, RankRule rule, long key) {
        int tried = rule.hasEnergy() ? Math.min(FIRST_RANK, rule.maximum()) : rule.maximum();
        double wanted = rule.energy() * matrix.squaredNorm();
        while (true) {
            NDManager attempt = work.newSubManager();
            SubspaceIteration.Outcome outcome =
                    new SubspaceIteration(matrix, attempt, tried, key).run();
            boolean last = outcome.complete() || tried == rule.maximum();
            if (last || outcome.basis().captured(tried) >= wanted) {
                return outcome;
            }
            attempt.close();
            tried = Math.min(2 * tried, rule.maximum());
        }
    }

    /// The leading columns of a panel in float32, each multiplied by a function of its singular value.
    private static NDArray narrow(NDArray panel, double[] values, DoubleUnaryOperator factor) {
        try (NDArray columns = Panels.columns(panel, 0, values.length);
                NDArray factors =
                        panel.getManager().create(DoubleStream.of(values).map(factor).toArray());
                NDArray scaled = columns.mul(factors)) {
            return scaled.toType(DataType.FLOAT32, true);
        }
    }

    /// The rank, which may be 0; then there are no factors.
    public int rank() {
        return rank;
    }

    /// Whether the iteration reached the promised accuracy, by its own estimate.
    public boolean converged() {
        return converged;
    }

    /// The tall factor, one row of `rank` float32 elements for each row of the matrix. It may be
    /// changed in place, for example rounded.
    public MemorySegment left() {
        return MemorySegment.ofBuffer(left.toByteBuffer(true));
    }

    /// The wide factor: `rank` rows of the length of the matrix's rows. It may also be changed in
    /// place.
    public MemorySegment right() {
        return MemorySegment.ofBuffer(right.toByteBuffer(true));
    }

    /// The Frobenius norm of the matrix.
    public double norm() {
        return Math.sqrt(matrix.squaredNorm());
    }

    /// The Frobenius norm of the matrix minus the product of the current factors.
    public double error() {
        return rank == 0 ? norm() : matrix.distance(left, right);
    }

    @Override
    public void close() {
        manager.close();
    }
}
