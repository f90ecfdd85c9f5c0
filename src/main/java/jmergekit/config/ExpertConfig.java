package jmergekit.config;

import java.util.List;
import java.util.Optional;
import jmergekit.model.ModelReference;
import jmergekit.problem.Location;

/// An expert of a mixture: a model that provides its MLPs, and prompts that determine when it is
/// used.
///
/// @param residualScale the factor for the output projections of its MLPs
/// @param noiseScale the standard deviation of the noise added to its MLPs
public record ExpertConfig(
        Located<ModelReference> model,
        List<String> positivePrompts,
        List<String> negativePrompts,
        Optional<Located<Double>> residualScale,
        Optional<Located<Double>> noiseScale,
        Location at) {
    public ExpertConfig {
        positivePrompts = List.copyOf(positivePrompts);
        negativePrompts = List.copyOf(negativePrompts);
    }
}
