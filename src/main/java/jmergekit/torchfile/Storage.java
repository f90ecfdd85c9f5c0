package jmergekit.torchfile;

import java.util.Optional;
import jmergekit.tensor.DType;

/// A run of elements in a checkpoint that tensors are views of.
///
/// @param key what the checkpoint calls it
/// @param dtype absent if the storage is a run of bytes
record Storage(String key, Optional<DType> dtype, long elements) implements Pickled {
    @Override
    public String kind() {
        return "a storage";
    }

    @Override
    public boolean holdsTensors() {
        return true;
    }

    /// More than any file has, and few enough for their bytes to fit into a long.
    static final long MAX_ELEMENTS = Long.MAX_VALUE / 16;

    long bytes() {
        return elements * dtype.map(DType::bytes).orElse(1);
    }
}
