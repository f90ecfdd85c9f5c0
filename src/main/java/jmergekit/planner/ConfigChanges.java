package jmergekit.planner;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import jmergekit.arch.LayerStack;
import jmergekit.tensor.DType;
import tools.jackson.databind.node.ObjectNode;

/// What the output's config.json says otherwise than the one it is made from.
///
/// @param dtype of the weights, if it is one and the same
/// @param stacks the stacks whose layers were chosen one by one
/// @param auxiliary how many layers other stacks have, where that changed, by the path of its key
/// @param vocabularySize rows of the embeddings, where they changed
/// @param tieWordEmbeddings whether head and embeddings are one matrix, where that changed
/// @param dequantised whether quantised weights were computed with, so that they no longer are
/// @param quantisation what is said of quantised weights, where the output has some that were merged
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

    /// The same for weights that are quantised, if there are settings for them.
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

    /// The layers of an output stack, each with where it comes from.
    public record StackChange(LayerStack stack, List<LayerOrigin> layers) {}

    /// One layer of one model.
    ///
    /// @param model index into [PlannedMerge#models]
    public record LayerOrigin(int model, int layer) {}
}
