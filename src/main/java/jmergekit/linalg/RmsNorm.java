package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/// A root mean square norm over the last dimension, and its gradient.
final class RmsNorm {
    private final NDArray size;
    private final NDArray unit;
    private final NDArray weight;
    private @Nullable NDArray ofWeight;

    RmsNorm(NDArray x, NDArray weight, double epsilon) {
        this.size = x.mul(x).mean(last(x), true).addi(epsilon).sqrt();
        this.unit = x.div(size);
        this.weight = weight;
    }

    private static int[] last(NDArray x) {
        return new int[] {x.getShape().dimension() - 1};
    }

    NDArray output() {
        return unit.mul(weight);
    }

    /// The gradient at the input.
    ///
    /// @param gradient at the output
    NDArray gradient(NDArray gradient) {
        ofWeight = gradient.mul(unit);
        NDArray atUnit = gradient.mul(weight);
        NDArray along = atUnit.mul(unit).mean(last(unit), true);
        return atUnit.sub(unit.mul(along)).divi(size);
    }

    /// What each vector adds to the gradient of the weight, once [#gradient] was called.
    NDArray ofWeight() {
        if (ofWeight == null) {
            throw new IllegalStateException("the gradient was not computed");
        }
        return ofWeight;
    }
}
