package jmergekit.config;

import java.util.List;
import java.util.Optional;
import jmergekit.model.ModelReference;

/// An old form of recipe, which stacks layers.
///
/// @param slices at least one
/// @param embeddingSource the model whose embeddings are taken, if it is named
/// @param headSource the model whose head is taken, if it is named
public record LayerSlices(
        List<LayerSlice> slices,
        Optional<Located<ModelReference>> embeddingSource,
        Optional<Located<ModelReference>> headSource) {
    public LayerSlices {
        slices = List.copyOf(slices);
    }
}
