package jmergekit.safetensors;

import jmergekit.tensor.TensorSpec;

/// A tensor and where its data begins, in bytes from the start of the file.
public record TensorEntry(TensorSpec spec, long begin) {
    /// The first byte after the data.
    public long end() {
        return begin + spec.bytes();
    }

    /// The same data under another name.
    public TensorEntry withName(String name) {
        return new TensorEntry(spec.withName(name), begin);
    }
}
