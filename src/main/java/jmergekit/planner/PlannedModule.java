package jmergekit.planner;

import java.util.List;
import java.util.Optional;
import jmergekit.arch.LayerStack;
import jmergekit.config.ParameterSet;

/// A module of the output: its slices in order.
///
/// @param stack the numbered layers of the module, if it has some
/// @param whole whether all layers of every model are merged one to one
/// @param parameters the module's own
/// @param kept whether its tensors are copied from the one model that has them, since the others are
///     only the language model of it
record PlannedModule(
        String name,
        Optional<LayerStack> stack,
        List<PlannedSlice> slices,
        boolean whole,
        ParameterSet parameters,
        boolean kept) {
    /// How many layers the output has.
    int depth() {
        return slices.stream().mapToInt(PlannedSlice::layers).sum();
    }
}
