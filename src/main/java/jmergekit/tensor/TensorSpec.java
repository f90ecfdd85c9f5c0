package jmergekit.tensor;

/// What a file's header says of a tensor.
public record TensorSpec(String name, DType dtype, Shape shape) {
    public TensorSpec {
        Math.multiplyExact(shape.elements(), (long) dtype.bytes());
    }

    /// Size of the data.
    public long bytes() {
        return shape.elements() * dtype.bytes();
    }

    public TensorSpec withName(String newName) {
        return new TensorSpec(newName, dtype, shape);
    }
}
