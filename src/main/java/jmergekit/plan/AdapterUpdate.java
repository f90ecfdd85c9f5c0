package jmergekit.plan;

import java.util.Optional;
import java.util.stream.Stream;
import jmergekit.source.LowRankUpdate;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.weights.TensorLocation;

/// What an adapter does to a tensor of its model. A tensor that the adapter holds whole has no
/// addend: its location is in the adapter's file.
///
/// @param dtype of the model's own tensor
public record AdapterUpdate(DType dtype, Optional<Addend> addend) {
    /// What is added to the tensor.
    public sealed interface Addend {
        double scale();
    }

    /// The product of two factors.
    ///
    /// @param a `[rank, columns]`, or `[rank, rows]` if transposed
    /// @param b `[rows, rank]`, or `[columns, rank]` if transposed
    /// @param transposed whether the transposed product `(B A)^T` is added
    public record Product(TensorLocation a, TensorLocation b, boolean transposed, double scale)
            implements Addend {
        public long rank() {
            return shape(a).size(0);
        }

        /// Columns of the tensor that it is added to.
        public long columns() {
            return transposed ? shape(b).size(0) : shape(a).size(1);
        }

        private static Shape shape(TensorLocation location) {
            return location.entry().spec().shape();
        }
    }

    /// A tensor of the same shape.
    public record Same(TensorLocation tensor, double scale) implements Addend {}

    /// Bytes of memory that it takes while its tensor is merged.
    public long memory() {
        return addend.stream()
                .mapToLong(a ->
                        a instanceof Product p ? LowRankUpdate.bytes(p.rank(), p.columns()) : 0)
                .sum();
    }

    /// The tensors that are added.
    Stream<TensorLocation> tensors() {
        return addend.stream()
                .flatMap(a ->
                        switch (a) {
                            case Product p -> Stream.of(p.a(), p.b());
                            case Same s -> Stream.of(s.tensor());
                        });
    }

    /// ` + 2 * product of rank 16`
    @Override
    public String toString() {
        return addend.map(a ->
                        switch (a) {
                            case Product p ->
                                    " + %s * product of rank %d"
                                            .formatted(PlanText.number(p.scale()), p.rank());
                            case Same s -> " + " + PlanText.number(s.scale()) + " * bias";
                        })
                .orElse(" of the adapter");
    }
}
