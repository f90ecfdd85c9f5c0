package jmergekit.planner;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import jmergekit.arch.LayerStack;
import jmergekit.tensor.DType;
import tools.jackson.databind.node.ObjectNode;

/// How the output's config.json differs from the one it is made from.
///
/// @param dtype of the weights, if all have the same
/// @param stacks the stacks whose layers were selected individually
/// @param auxiliary the number of layers in other stacks, where it changed, by the path of its key
/// @param vocabularySize the number of rows of the embeddings, where it changed
/// @param tieWordEmbeddings whether head and embeddings are one matrix, where that changed
/// @param dequantised whether quantised weights were unpacked, so that they are no longer quantised
/// @param quantisation the settings for quantised weights, where the output has merged weights that
///     are quantised
public record ConfigChanges(
        Optional<DType> dtype,
        List<StackChange> stacks,
        Map<List<String>, Integer> auxiliary,
        OptionalLong vocabularySize,
        Optional<Boolean> tieWordEmbeddings,
        boolean dequantised,
        Optional<ObjectNode> quantisation) {
    public ConfigChanges {
        quantisation = quantisation.map(ObjectNode::deepCopy);
    }

    /// A copy for quantised weights, if there are settings for them.
    ConfigChanges with(Optional<ObjectNode> settings) {
        return settings.isEmpty()
                ? this
                : new ConfigChanges(
                        dtype,
                        stacks,
                        auxiliary,
                        vocabularySize,
                        tieWordEmbeddings,
                        false,
                        settings);
    }

    /// The layers of an output stack, each with its origin.
    public record StackChange(LayerStack stack, List<LayerOrigin> layers) {}

    /// One layer of one model.
    ///
    /// @param model index into [PlannedMerge#models]
    public record LayerOrigin(int model, int layer) {}
}
