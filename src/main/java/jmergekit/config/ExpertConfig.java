package jmergekit.config;

import java.util.List;
import java.util.Optional;
import jmergekit.model.ModelReference;
import jmergekit.problem.Location;

/// An expert of a mixture: a model whose MLPs it takes, and prompts that say when it is asked.
///
/// @param residualScale what the output projections of its MLPs are multiplied by
/// @param noiseScale the standard deviation of the noise that is added to its MLPs
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
