package jmergekit.arch;

import java.util.List;

/// A run of numbered layers, such as `model.layers.0` to `model.layers.31`.
///
/// @param prefix the part of the names before the number, including the dot: `model.layers.`
/// @param module the module it belongs to; `default` in a model with one stack
/// @param layers one more than the highest number in the files
/// @param auxiliary whether the model runs without it, such as layers for multi-token prediction
/// @param countKey the path of keys in config.json for the number of layers; empty if there is none
public record LayerStack(
        String prefix, String module, int layers, boolean auxiliary, List<String> countKey) {
    /// The keys of config.json for the number of layers in a model with only one stack.
    public static final List<String> SOLE_COUNTS = ArchitectureFacts.SOLE_COUNTS;

    /// A stack that the model needs.
    public LayerStack(String prefix, String module, int layers, List<String> countKey) {
        this(prefix, module, layers, false, countKey);
    }

    /// The full name of a tensor of one layer.
    public String name(int layer, String rest) {
        return prefix + layer + "." + rest;
    }
}
