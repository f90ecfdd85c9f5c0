package jmergekit.method;

import jmergekit.arch.LayerName;
import jmergekit.primitive.Matrix;
import jmergekit.primitive.Primitives;

/// Which tensors are matrices for spectral methods, and what they need.
final class Matrices {
    /// Blocks of a matrix that are widened to float64 one after the other.
    private static final long BLOCKS = 32L << 20;

    private Matrices() {}

    /// Whether the tensor is a matrix of a layer. Embeddings, the head, vectors, and tensors of more
    /// dimensions are not.
    static boolean isMatrix(MergeInput input) {
        return input.shape().rank() == 2
                && Math.min(input.shape().size(0), input.shape().size(1)) > 1
                && input.elements() <= Matrix.MOST
                && LayerName.of(input.tensor()).isPresent();
    }

    /// The bytes of heap of `copies` matrices of the tensor's size in float32.
    static long heap(MergeInput input, int copies) {
        return (long) copies * Float.BYTES * input.elements();
    }

    /// The bytes outside the heap of the decomposition of a matrix of the tensor's size: the Gram
    /// matrix on its short side, the vectors, and the working memory.
    static long decomposition(MergeInput input) {
        long shorter = Math.min(input.shape().size(0), input.shape().size(1));
        return BLOCKS + 6 * Double.BYTES * shorter * shorter;
    }

    /// Weights that select one source.
    static double[] only(int source, int sources) {
        double[] weights = new double[sources];
        weights[source] = 1;
        return weights;
    }

    /// A matrix minus the base, in place.
    static Matrix minusBase(Matrix matrix, Primitives primitives) {
        float[] origin = primitives.matrix(primitives.base()).values();
        float[] values = matrix.values();
        for (int i = 0; i < values.length; i++) {
            values[i] -= origin[i];
        }
        return matrix;
    }

    /// Whether a matrix can be decomposed: it is finite and not zero.
    static boolean isUsable(Matrix matrix) {
        double sum = 0;
        for (float value : matrix.values()) {
            sum += Math.abs(value);
        }
        return sum > 0 && Double.isFinite(sum);
    }
}
