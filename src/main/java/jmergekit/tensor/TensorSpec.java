package jmergekit.tensor;

/// What a file's header says of a tensor.
public record TensorSpec(String name, DType dtype, Shape shape) {
    public TensorSpec {
        dtype.bytes(shape.elements());
    }

    /// Size of the data.
    public long bytes() {
        return dtype.bytes(shape.elements());
    }

    /// The same data as plain bytes, one to an element.
    public TensorSpec asBytes() {
        return new TensorSpec(name, DType.U8, Shape.of(bytes()));
    }

    public TensorSpec withName(String newName) {
        return new TensorSpec(newName, dtype, shape);
    }
}
