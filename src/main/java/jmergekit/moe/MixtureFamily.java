package jmergekit.moe;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import jmergekit.config.MixtureConfig;
import tools.jackson.databind.node.ObjectNode;

/// A mixture architecture, and the requirements for dense models to become one.
interface MixtureFamily {
    /// The name in recipes.
    String name();

    /// Other accepted names.
    default List<String> otherNames() {
        return List.of();
    }

    /// The architectures of the dense models it can be made from.
    Set<String> inputs();

    /// Why a recipe cannot become one, regardless of its models.
    Optional<String> refusal(MixtureConfig config);

    /// The tensors that a layer may have outside its MLP, without the layer's prefix.
    Pattern layerTensors();

    /// Biases that every layer has, for projections that may have no bias in dense models.
    default List<String> requiredBiases() {
        return List.of();
    }

    ExpertNames names();

    /// Turns the base model's config.json into the output's.
    void configure(ObjectNode config, MixtureSize size);
}
