package jmergekit.config;

import java.util.List;
import java.util.Optional;
import jmergekit.model.ModelReference;

/// An old form of recipe, which stacks layers.
///
/// @param slices at least one
/// @param embeddingSource the model that provides the embeddings, if given
/// @param headSource the model that provides the head, if given
public record LayerSlices(
        List<LayerSlice> slices,
        Optional<Located<ModelReference>> embeddingSource,
        Optional<Located<ModelReference>> headSource) {
    public LayerSlices {
        slices = List.copyOf(slices);
    }
}
