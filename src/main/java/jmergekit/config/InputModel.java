package jmergekit.config;

import jmergekit.model.ModelReference;

/// An entry of `models`: a whole model and the parameters of its own.
public record InputModel(Located<ModelReference> model, ParameterSet parameters) {}
