package jmergekit.arch;

import java.util.Optional;

/// The layer of a tensor, derived only from its name.
public final class LayerName {
    private LayerName() {}

    /// The name up to its first number, as in `model.layers.7`; empty if there is none.
    public static Optional<String> of(String tensor) {
        return TensorName.split(tensor).map(n -> n.prefix() + n.number());
    }
}
