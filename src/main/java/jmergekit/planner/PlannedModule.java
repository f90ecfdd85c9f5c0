package jmergekit.planner;

import java.util.List;
import java.util.Optional;
import jmergekit.arch.LayerStack;
import jmergekit.config.ParameterSet;

/// A module of the output: its slices in order.
///
/// @param stack the numbered layers of the module, if it has any
/// @param whole whether all layers of all models are merged one to one
/// @param parameters the module's own parameters
/// @param kept whether its tensors are copied from the only model that has them, because the other
///     models are only its language model
record PlannedModule(
        String name,
        Optional<LayerStack> stack,
        List<PlannedSlice> slices,
        boolean whole,
        ParameterSet parameters,
        boolean kept) {
    /// The number of layers in the output.
    int depth() {
        return slices.stream().mapToInt(PlannedSlice::layers).sum();
    }
}
