package jmergekit.planner;

import java.util.List;
import jmergekit.config.ParameterSet;
import jmergekit.method.MethodInfo;
import org.jspecify.annotations.Nullable;

/// A run of output layers and the models they are merged from.
///
/// @param inputs in the order of the recipe, an implied base model last
/// @param layers the number of layers; 0 for a slice that only supplies the tensors outside the
///     layers
/// @param base index of the base model's entry in `inputs`, or
///     [jmergekit.primitive.Primitives#NO_BASE] if the method treats it as any other
/// @param baseInput the same, whatever the method
/// @param parameters the slice's own parameters
record PlannedSlice(
        List<Input> inputs, int layers, int base, int baseInput, ParameterSet parameters) {
    /// One model's part in a slice.
    ///
    /// @param firstLayer the layer that becomes the slice's first
    record Input(SourceModel model, int firstLayer, ParameterSet parameters) {}

    /// Position of layer `i` for gradients: 0 at the first layer, 1 at the last one; 1 in a slice of
    /// one layer.
    double position(int layer) {
        return layers == 1 ? 1 : (double) layer / (layers - 1);
    }

    /// Whether its tensors are copied from its only source, whatever the method's parameters are.
    boolean isKept(MethodInfo method) {
        return inputs.size() == 1 && method.keepsLone(base == 0);
    }

    @Nullable SourceModel baseModel() {
        return base < 0 ? null : inputs.get(base).model();
    }
}
