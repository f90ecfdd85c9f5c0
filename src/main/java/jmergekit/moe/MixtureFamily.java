package jmergekit.moe;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import jmergekit.config.MixtureConfig;
import tools.jackson.databind.node.ObjectNode;

/// An architecture of mixtures, with what dense models must be like to become one.
interface MixtureFamily {
    /// What recipes call it.
    String name();

    /// Other names that mean the same.
    default List<String> otherNames() {
        return List.of();
    }

    /// The architectures of the dense models it can be made of.
    Set<String> inputs();

    /// Why a recipe cannot become one, whatever its models are.
    Optional<String> refusal(MixtureConfig config);

    /// The tensors that a layer may have besides its MLP, without the layer's prefix.
    Pattern layerTensors();

    /// Biases that each layer has, of projections that dense models may have without one.
    default List<String> requiredBiases() {
        return List.of();
    }

    ExpertNames names();

    /// Turns the base model's config.json into the output's.
    void configure(ObjectNode config, MixtureSize size);
}
