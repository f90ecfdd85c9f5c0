package jmergekit.config;

import java.util.Optional;
import jmergekit.model.ModelReference;

/// Layers of a model that belong together.
///
/// @param always whether they are never left out
/// @param scale what the outputs of their attention and MLP are multiplied by, if that is searched
public record StackBlock(
        Located<ModelReference> model, LayerRange layers, boolean always, Optional<Scale> scale) {

    /// A range of factors.
    ///
    /// @param low below `high`
    public record Scale(double low, double high) {
        /// The one to start from: as near to 1 as the range allows.
        public double start() {
            return Math.clamp(1, low, high);
        }
    }
}
