package jmergekit.arch;

import java.util.List;

/// A run of numbered layers, such as `model.layers.0` to `model.layers.31`.
///
/// @param prefix what stands before the number, with its dot: `model.layers.`
/// @param module the module it belongs to; `default` in a model of one stack
/// @param layers one more than the highest number in the files
/// @param auxiliary whether the model runs without them, as without those for multi-token prediction
/// @param countKey where config.json says how many layers there are, as a path of keys; empty if it
///     does not
public record LayerStack(
        String prefix, String module, int layers, boolean auxiliary, List<String> countKey) {
    /// What config.json calls the number of layers of a model that has only one stack.
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
