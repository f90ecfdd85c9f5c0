package jmergekit.config;

import jmergekit.model.ModelReference;

/// Layers of one model, in a file of `layer_slices`.
public record LayerSlice(Located<ModelReference> model, LayerRange range) {}
