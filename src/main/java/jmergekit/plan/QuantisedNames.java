package jmergekit.plan;

import java.util.List;

/// The names that quantised checkpoints give the scales of their tensors.
///
/// Source: checkpoints of the compressed-tensors and fine-grained FP8 layouts.
public final class QuantisedNames {
    private static final List<String> SUFFIXES =
            List.of("_scale", "_scale_inv", "_scale_2", ".scale", ".input_scale");

    private QuantisedNames() {}

    /// Whether a tensor of this name scales another one.
    public static boolean isScale(String name) {
        return SUFFIXES.stream().anyMatch(name::endsWith);
    }

    /// Whether the model holds a scale for the tensor.
    static boolean hasScale(SourceModel model, String tensor) {
        return SUFFIXES.stream().anyMatch(s -> model.find(tensor + s).isPresent());
    }
}
