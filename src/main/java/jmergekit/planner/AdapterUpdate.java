package jmergekit.planner;

import java.util.Optional;
import java.util.function.Function;
import jmergekit.plan.Source;
import jmergekit.tensor.DType;
import jmergekit.weights.TensorLocation;

/// What an adapter does to a tensor of its model. A tensor that the adapter stores whole has no
/// addend: its location is in the adapter's file.
///
/// @param dtype of the model's own tensor
/// @param whole whether the adapter stores the whole tensor
record AdapterUpdate(DType dtype, boolean whole, Optional<Addend> addend) {
    /// What is added to the tensor.
    sealed interface Addend {}

    /// The product of two factors.
    ///
    /// @param a `[rank, columns]`, or `[rank, rows]` if transposed
    /// @param b `[rows, rank]`, or `[columns, rank]` if transposed
    /// @param transposed whether the transposed product `(B A)^T` is added
    record Product(TensorLocation a, TensorLocation b, boolean transposed, double scale)
            implements Addend {}

    /// A tensor of the same shape.
    record Same(TensorLocation tensor, double scale) implements Addend {}

    /// The tensor as the adapter changes it.
    ///
    /// @param stored gives the source for a tensor of the adapter
    Source of(Source tensor, Function<TensorLocation, Source> stored) {
        Source own = whole ? new Source.Replaced(tensor, dtype) : tensor;
        if (addend.isEmpty()) {
            return own;
        }
        return switch (addend.get()) {
            case Product(var a, var b, boolean transposed, double scale) ->
                    new Source.LowRankAdded(
                            own, stored.apply(a), stored.apply(b), transposed, scale);
            case Same(var addition, double scale) ->
                    new Source.Added(own, stored.apply(addition), scale);
        };
    }
}
