package jmergekit.config;

import java.util.Optional;
import jmergekit.model.ModelReference;

/// A whole model and its own parameters: an entry of `models` or `input_model_parameters`.
///
/// @param statistics the file of its statistics
public record InputModel(
        Located<ModelReference> model,
        ParameterSet parameters,
        Optional<Located<ModelReference>> statistics) {
    /// A model without statistics.
    public InputModel(Located<ModelReference> model, ParameterSet parameters) {
        this(model, parameters, Optional.empty());
    }
}
