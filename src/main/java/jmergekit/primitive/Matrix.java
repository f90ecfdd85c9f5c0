package jmergekit.primitive;

import jmergekit.tensor.Shape;

/// A whole tensor in memory, in float32 and row by row. A vector is one row; of a tensor with more
/// than two dimensions the rows run over all but the first.
public record Matrix(float[] values, int rows, int columns) {
    /// Most elements, which is the longest array.
    public static final long MOST = Integer.MAX_VALUE - 8;

    public Matrix {
        if ((long) rows * columns != values.length) {
            throw new IllegalArgumentException(
                    "%d values are no %d by %d".formatted(values.length, rows, columns));
        }
    }

    /// The elements of a tensor of this shape, of at most [#MOST].
    public static Matrix of(Shape shape, float[] values) {
        return new Matrix(values, Math.toIntExact(rows(shape)), Math.toIntExact(columns(shape)));
    }

    /// The rows of a tensor of this shape.
    public static long rows(Shape shape) {
        return shape.rank() < 2 ? 1 : shape.size(0);
    }

    /// The columns of a tensor of this shape.
    public static long columns(Shape shape) {
        return shape.elements() / Math.max(1, rows(shape));
    }

    public float at(int row, int column) {
        return values[row * columns + column];
    }
}
