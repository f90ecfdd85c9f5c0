package jmergekit.method;

import jmergekit.primitive.Matrix;
import jmergekit.tensor.Shape;

/// What a statistics file can hold about the tensors of its model.
public enum StatisticsKind {
    /// For each element of a tensor, the mean over texts of the squared gradient of the
    /// log-likelihood: the diagonal of the Fisher information matrix.
    FISHER("fisher", "Fisher information"),
    /// For a linear layer's weight, the mean over tokens of `x x^T`, where `x` is the layer's input.
    GRAM("gram", "Gram matrices of inputs");

    private final String word;
    private final String text;

    StatisticsKind(String word, String text) {
        this.word = word;
        this.text = text;
    }

    /// The word that files use for it.
    public String word() {
        return word;
    }

    /// What it is, for messages.
    public String text() {
        return text;
    }

    /// Whether statistics of this shape can belong to a tensor: Fisher information has the tensor's
    /// shape, and a Gram matrix as many rows and columns as a matrix has inputs, its columns.
    public boolean fits(Shape tensor, Shape statistics) {
        return switch (this) {
            case FISHER -> statistics.equals(tensor);
            case GRAM ->
                    tensor.rank() == 2
                            && statistics.equals(
                                    Shape.of(Matrix.columns(tensor), Matrix.columns(tensor)));
        };
    }
}
