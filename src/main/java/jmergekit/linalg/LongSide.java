package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jmergekit.primitive.Matrix;

/// A matrix as vectors along its long side: D itself if it has at least as many rows as columns, and
/// its transpose otherwise. Products read it in blocks of those vectors, widened to float64, so that
/// only a block of it is in memory a second time.
final class LongSide {
    private static final int BLOCK_ELEMENTS = 1 << 20;

    private final Matrix matrix;
    private final boolean tall;
    private final int width;
    private final int length;
    private final int blockLength;

    LongSide(Matrix matrix) {
        this.matrix = matrix;
        this.tall = matrix.rows() >= matrix.columns();
        this.width = Math.min(matrix.rows(), matrix.columns());
        this.length = Math.max(matrix.rows(), matrix.columns());
        this.blockLength = Math.clamp(BLOCK_ELEMENTS / Math.max(1, width), 1, length);
    }

    boolean isTall() {
        return tall;
    }

    int blocks() {
        return Math.ceilDiv(length, blockLength);
    }

    private int first(int block) {
        return block * blockLength;
    }

    private int end(int block) {
        return Math.min(length, (block + 1) * blockLength);
    }

    /// Vectors of the long side, (vectors, width), in float64.
    NDArray block(int block, NDManager owner) {
        int first = first(block);
        int count = end(block) - first;
        Shape shape = tall ? new Shape(count, width) : new Shape(width, count);
        try (NDArray narrow = owner.create(shape, DataType.FLOAT32)) {
            MemorySegment bytes = MemorySegment.ofBuffer(narrow.toByteBuffer(true));
            if (tall) {
                copy(first * width, bytes, 0, count * width);
            } else {
                for (int row = 0; row < width; row++) {
                    copy(row * length + first, bytes, (long) row * count, count);
                }
            }
            NDArray wide = narrow.toType(DataType.FLOAT64, true);
            wide.attach(owner);
            return tall ? wide : wide.transpose();
        }
    }

    private void copy(int from, MemorySegment bytes, long into, int count) {
        MemorySegment.copy(
                matrix.values(),
                from,
                bytes,
                ValueLayout.JAVA_FLOAT_UNALIGNED,
                into * Float.BYTES,
                count);
    }

    /// The products of all pairs of columns of the long form, (width, width).
    NDArray gram(NDManager owner) {
        return cross(this, owner);
    }

    /// The transpose of the long form times that of another matrix of the same size, (width, width).
    NDArray cross(LongSide other, NDManager owner) {
        NDArray sum = owner.zeros(new Shape(width, width), DataType.FLOAT64);
        for (int block = 0; block < blocks(); block++) {
            try (NDManager step = owner.newSubManager()) {
                NDArray own = block(block, step);
                NDArray its = other == this ? own : other.block(block, step);
                NDArray product = own.transpose().matMul(its);
                product.attach(step);
                sum.addi(product);
            }
        }
        return sum;
    }

    /// The matrix with its long form multiplied by `square`, (width, width).
    Matrix times(NDArray square) {
        float[] result = new float[matrix.values().length];
        for (int block = 0; block < blocks(); block++) {
            try (NDManager step = square.getManager().newSubManager()) {
                NDArray product = block(block, step).matMul(square);
                product.attach(step);
                write(product, block, result);
            }
        }
        return new Matrix(result, matrix.rows(), matrix.columns());
    }

    private void write(NDArray product, int block, float[] result) {
        try (NDArray placed = tall ? product.duplicate() : product.transpose();
                NDArray narrow = placed.toType(DataType.FLOAT32, true);
                NDArray rowMajor = narrow.flatten()) {
            float[] values = rowMajor.toFloatArray();
            int first = first(block);
            int count = end(block) - first;
            if (tall) {
                System.arraycopy(values, 0, result, first * width, values.length);
            } else {
                for (int row = 0; row < width; row++) {
                    System.arraycopy(values, row * count, result, row * length + first, count);
                }
            }
        }
    }

    /// The long form times a panel, (length, columns of the panel), as an array of `owner`.
    NDArray panel(NDArray panel, NDManager owner) {
        NDArray result = owner.create(new Shape(length, panel.getShape().get(1)), DataType.FLOAT64);
        for (int block = 0; block < blocks(); block++) {
            try (NDManager step = owner.newSubManager()) {
                NDArray product = block(block, step).matMul(panel);
                product.attach(step);
                result.set(new NDIndex("{}:{}", first(block), end(block)), product);
            }
        }
        return result;
    }
}
