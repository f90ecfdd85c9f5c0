package jmergekit.arch;

/// The position of a tensor in a model.
public sealed interface Place {
    /// The module it belongs to; `default` in a model with one stack.
    String module();

    /// In a numbered layer; `rest` is the name after the number, as in `mlp.up_proj.weight`.
    record InLayer(LayerStack stack, int layer, String rest) implements Place {
        @Override
        public String module() {
            return stack.module();
        }
    }

    /// Before the layers: embeddings and related tensors.
    record BeforeLayers(String module) implements Place {}

    /// After the layers: final norm, head, pooler, projector.
    record AfterLayers(String module) implements Place {}
}
