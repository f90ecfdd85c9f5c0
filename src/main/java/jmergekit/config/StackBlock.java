package jmergekit.config;

import java.util.Optional;
import jmergekit.model.ModelReference;

/// A block of consecutive layers of a model.
///
/// @param always whether they are always included
/// @param scale the factor for the outputs of their attention and MLP, if it is searched
public record StackBlock(
        Located<ModelReference> model, LayerRange layers, boolean always, Optional<Scale> scale) {

    /// A range of factors.
    ///
    /// @param low below `high`
    public record Scale(double low, double high) {
        /// The initial factor: as close to 1 as the range allows.
        public double start() {
            return Math.clamp(1, low, high);
        }
    }
}
