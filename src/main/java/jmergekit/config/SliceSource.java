package jmergekit.config;

import java.util.Optional;
import jmergekit.model.ModelReference;
import jmergekit.problem.Location;

/// Layers of one model that go into a slice; without a range, all of its layers.
///
/// @param statistics the file of the model's statistics
public record SliceSource(
        Located<ModelReference> model,
        Optional<LayerRange> layerRange,
        Optional<Located<ModelReference>> statistics,
        ParameterSet parameters,
        Location at) {}
