package jmergekit.torchfile;

import java.util.Optional;
import jmergekit.tensor.DType;

/// A sequence of elements in a checkpoint; tensors are views of it.
///
/// @param key its key in the checkpoint
/// @param dtype empty if the storage consists of bytes
record Storage(String key, Optional<DType> dtype, long elements) implements Pickled {
    @Override
    public String kind() {
        return "a storage";
    }

    @Override
    public boolean holdsTensors() {
        return true;
    }

    /// More than any file has, and few enough for their bytes to fit in a long.
    static final long MAX_ELEMENTS = Long.MAX_VALUE / 16;

    long bytes() {
        return elements * dtype.map(DType::bytes).orElse(1);
    }
}
