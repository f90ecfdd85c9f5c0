package jmergekit.primitive;

import jmergekit.tensor.Shape;

/// A whole tensor in memory, in float32 and row-major order. A vector is one row; for a tensor with
/// more than two dimensions, the rows run over all but the first dimension.
public record Matrix(float[] values, int rows, int columns) {
    /// Maximum number of elements: the length of the longest array.
    public static final long MOST = Integer.MAX_VALUE - 8;

    public Matrix {
        if ((long) rows * columns != values.length) {
            throw new IllegalArgumentException(
                    "%d values do not make %d by %d".formatted(values.length, rows, columns));
        }
    }

    /// A matrix of the elements of a tensor of this shape, which has at most [#MOST].
    public static Matrix of(Shape shape, float[] values) {
        return new Matrix(values, Math.toIntExact(rows(shape)), Math.toIntExact(columns(shape)));
    }

    /// The number of rows of a tensor of this shape.
    public static long rows(Shape shape) {
        return shape.rank() < 2 ? 1 : shape.size(0);
    }

    /// The number of columns of a tensor of this shape.
    public static long columns(Shape shape) {
        return shape.elements() / Math.max(1, rows(shape));
    }

    public float at(int row, int column) {
        return values[row * columns + column];
    }
}
