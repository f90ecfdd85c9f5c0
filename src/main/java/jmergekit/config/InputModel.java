package jmergekit.config;

import jmergekit.model.ModelReference;

/// A whole model and its own parameters: an entry of `models` or `input_model_parameters`.
public record InputModel(Located<ModelReference> model, ParameterSet parameters) {}
