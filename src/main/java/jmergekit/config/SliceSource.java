package jmergekit.config;

import jmergekit.model.ModelReference;
import jmergekit.problem.Location;

import java.util.Optional;

/// Layers of one model that go into a slice; without a range, all of its layers.
public record SliceSource(
        Located<ModelReference> model,
        Optional<LayerRange> layerRange,
        ParameterSet parameters,
        Location at) {}
