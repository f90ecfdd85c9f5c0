package jmergekit.config;

import jmergekit.model.ModelReference;

/// A whole model and the parameters of its own: an entry of `models` or `input_model_parameters`.
public record InputModel(Located<ModelReference> model, ParameterSet parameters) {}
