package jmergekit.arch;

/// Where in a model a tensor lies.
public sealed interface Place {
    /// The module it belongs to; `default` in a model of one stack.
    String module();

    /// In a numbered layer; `rest` is the name after the number, as in `mlp.up_proj.weight`.
    record InLayer(LayerStack stack, int layer, String rest) implements Place {
        @Override
        public String module() {
            return stack.module();
        }
    }

    /// Before the layers: embeddings and what belongs to them.
    record BeforeLayers(String module) implements Place {}

    /// After the layers: final norm, head, pooler, projector.
    record AfterLayers(String module) implements Place {}
}
