package jmergekit.tensor;

/// The description of a tensor in a file's header.
public record TensorSpec(String name, DType dtype, Shape shape) {
    public TensorSpec {
        dtype.bytes(shape.elements());
    }

    /// The size of the data.
    public long bytes() {
        return dtype.bytes(shape.elements());
    }

    /// The same data as plain bytes, one per element.
    public TensorSpec asBytes() {
        return new TensorSpec(name, DType.U8, Shape.of(bytes()));
    }

    public TensorSpec withName(String newName) {
        return new TensorSpec(newName, dtype, shape);
    }
}
