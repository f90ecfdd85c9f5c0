package jmergekit.plan;

import java.util.Optional;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;

/// The output of a [Work.Factors] task: the elements of `A`, `[rank, columns]`, then those of `B`,
/// `[rows, rank]`, then the Frobenius norm of the result before it was truncated to the rank, and
/// the norm of the part that was cut off; in float32.
public final class FactorRows {
    private static final int NORMS = 2;

    private FactorRows() {}

    /// The task's output.
    ///
    /// @param name of the tensor that the factors change, which filters and random methods use
    public static TensorSpec spec(String name, long rank, long rows, long columns) {
        return new TensorSpec(name, DType.F32, Shape.of(rank * (rows + columns) + NORMS));
    }

    /// About the most bytes that a task uses in addition to those of its method.
    ///
    /// @param ranks the sum of the changes' ranks
    /// @param sources of the method
    /// @param small the shape of the matrices in the small space, at most
    public static long memory(long ranks, long rows, long columns, int sources, Shape small) {
        long factors = ranks * (rows + columns) * (Float.BYTES + 2L * Double.BYTES);
        long basis = ranks * Math.max(rows, columns) * 5 * Double.BYTES;
        long matrices = (sources + 2L) * small.elements() * (Float.BYTES + Double.BYTES);
        return factors + basis + matrices;
    }

    /// The factor `A` of a task's output.
    public static Source a(TensorTask task, Work.Factors factors) {
        long columns = factors.columns();
        return new Rearranged.Rows(
                new Source.Made(task, DType.F32), columns, 0, 1, Shape.of(factors.rank(), columns));
    }

    /// The factor `B` of a task's output.
    public static Source b(TensorTask task, Work.Factors factors) {
        long rank = factors.rank();
        return new Rearranged.Rows(
                new Source.Made(task, DType.F32),
                rank,
                factors.columns(),
                1,
                Shape.of(factors.rows(), rank));
    }

    /// The task whose factor another task copies.
    public static Optional<TensorTask> made(TensorTask task) {
        return task.isCopy()
                        && task.sources().getFirst() instanceof Rearranged.Rows rows
                        && rows.tensor() instanceof Source.Made(TensorTask made, DType _)
                        && made.work() instanceof Work.Factors
                ? Optional.of(made)
                : Optional.empty();
    }

    /// Whether the factor that a task copies is `A`.
    public static boolean isA(TensorTask task) {
        return task.sources().getFirst() instanceof Rearranged.Rows rows && rows.first() == 0;
    }

    /// The method and its space, for listings.
    static String text(Work.Factors factors) {
        return "%s in space %s".formatted(factors.merge().method(), factors.space().word());
    }
}
