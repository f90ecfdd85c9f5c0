package jmergekit.method;

import java.util.NoSuchElementException;
import java.util.Optional;
import jmergekit.primitive.Combination;
import jmergekit.primitive.Matrix;
import jmergekit.primitive.Primitives;
import jmergekit.primitive.SourceTensor;

/// A method that needs each tensor as a whole, for example to decompose it. It holds matrices in
/// memory, where other methods see tiles. The engine limits how many tensors run at once by
/// [#bytes].
public abstract class MatrixMethod implements MergeMethod {
    /// The sources of one tensor.
    public interface Sources {
        /// Reads a source again on every call.
        Matrix matrix(int source);

        /// Whether every source has statistics of its model.
        default boolean haveStatistics() {
            return false;
        }

        /// The statistics of a source, see [Primitives#statistics].
        default SourceTensor statistics(int source) {
            throw new NoSuchElementException("no statistics of source " + source);
        }
    }

    /// The merged tensor, with as many rows and columns as the sources.
    protected abstract Matrix merge(MergeInput input, Sources sources);

    /// The most bytes of memory that a merge needs: the matrices that it has read and still holds,
    /// its working memory, and the result.
    protected abstract long bytes(int sources, long rows, long columns);

    /// Like [MergeMethod#violation], for tensors that fit a matrix.
    protected Optional<String> valuesViolation(MergeInput input) {
        return Optional.empty();
    }

    @Override
    public final Optional<String> violation(MergeInput input) {
        return input.elements() <= Matrix.MOST
                ? valuesViolation(input)
                : Optional.of(
                        "merge method '%s' supports tensors of at most %d elements, but there is one of %s"
                                .formatted(info().name(), Matrix.MOST, input.shape()));
    }

    @Override
    public final long memory(MergeInput input) {
        return bytes(input.sources(), Matrix.rows(input.shape()), Matrix.columns(input.shape()));
    }

    @Override
    public final void merge(MergeInput input, Primitives primitives) {
        Matrix merged = merge(input, sources(primitives));
        if (merged.rows() != Matrix.rows(input.shape())
                || merged.columns() != Matrix.columns(input.shape())) {
            throw new IllegalStateException(
                    "merge method '%s' returned a matrix of %d by %d for a tensor of %s"
                            .formatted(
                                    info().name(), merged.rows(), merged.columns(), input.shape()));
        }
        primitives.combine(new Combination.Computed(merged));
    }

    private static Sources sources(Primitives primitives) {
        return new Sources() {
            @Override
            public Matrix matrix(int source) {
                return primitives.matrix(source);
            }

            @Override
            public boolean haveStatistics() {
                return primitives.haveStatistics();
            }

            @Override
            public SourceTensor statistics(int source) {
                return primitives.statistics(source);
            }
        };
    }
}
