package jmergekit.plan;

import java.util.List;
import jmergekit.source.TransposedMatrix;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;

/// The elements of one tensor in another order, shape or representation.
public sealed interface Rearranged extends Source.Derived {
    /// The bytes of a tensor as elements of another dtype, as packed weights are stored.
    ///
    /// @param tensor stored, or part of a stored tensor
    /// @param shape with the same number of bytes
    record Viewed(Source tensor, DType dtype, Shape shape) implements Rearranged {
        public Viewed {
            if (dtype.bytes(shape.elements())
                    != tensor.spec().dtype().bytes(tensor.shape().elements())) {
                throw new IllegalArgumentException(
                        "%s %s as %s %s"
                                .formatted(tensor.spec().dtype(), tensor.shape(), dtype, shape));
            }
        }

        @Override
        public Source with(Source other) {
            return new Viewed(other, dtype, shape);
        }
    }

    /// The same elements in another shape.
    record Shaped(Source tensor, Shape shape) implements Rearranged {
        public Shaped {
            if (shape.elements() != tensor.shape().elements()) {
                throw new IllegalArgumentException(tensor.shape() + " as " + shape);
            }
        }

        @Override
        public Source with(Source other) {
            return new Shaped(other, shape);
        }
    }

    /// Some rows of a tensor that is treated as a matrix.
    ///
    /// @param columns of the matrix
    /// @param first of the rows
    /// @param step from one row to the next
    /// @param shape of the rows together
    record Rows(Source tensor, long columns, long first, long step, Shape shape)
            implements Rearranged {
        public Rows {
            long rows = columns < 1 ? -1 : shape.elements() / columns;
            if (rows < 0
                    || shape.elements() % columns != 0
                    || first < 0
                    || step < 1
                    || rows > 0 && last(rows, first, step) >= tensor.shape().elements() / columns) {
                throw new IllegalArgumentException(
                        "rows %d, %d, … of %d elements each, of %s to %s"
                                .formatted(first, first + step, columns, tensor.shape(), shape));
            }
        }

        private static long last(long rows, long first, long step) {
            return Math.addExact(first, Math.multiplyExact(rows - 1, step));
        }

        @Override
        public Source with(Source other) {
            return new Rows(other, columns, first, step, shape);
        }
    }

    /// A transposed matrix.
    record Transposed(Source tensor) implements Rearranged {
        /// The most rows of the transposed matrix.
        public static final long MOST_ROWS = 1 << 24;

        public Transposed {
            if (tensor.shape().rank() != 2 || tensor.shape().size(0) > MOST_ROWS) {
                throw new IllegalArgumentException("not a matrix to transpose: " + tensor.shape());
            }
        }

        @Override
        public Shape shape() {
            List<Long> sizes = tensor.shape().dimensions();
            return Shape.of(sizes.get(1), sizes.get(0));
        }

        @Override
        public Source with(Source other) {
            return new Transposed(other);
        }

        @Override
        public long memory() {
            return TransposedMatrix.bytes(tensor.shape().size(0)) + tensor.memory();
        }
    }
}
