package jmergekit.config;

import jmergekit.model.ModelReference;

/// Layers of one model in a `layer_slices` file.
public record LayerSlice(Located<ModelReference> model, LayerRange range) {}
