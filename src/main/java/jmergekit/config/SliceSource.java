package jmergekit.config;

import java.util.Optional;
import jmergekit.model.ModelReference;
import jmergekit.problem.Location;

/// Layers of one model that go into a slice; without a range, all of its layers.
public record SliceSource(
        Located<ModelReference> model,
        Optional<LayerRange> layerRange,
        ParameterSet parameters,
        Location at) {}
