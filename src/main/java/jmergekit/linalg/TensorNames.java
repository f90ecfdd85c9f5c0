package jmergekit.linalg;

/// The names of a decoder's tensors in its files.
public interface TensorNames {
    /// The input embeddings.
    String embeddings();

    /// The weight of the norm after the last layer.
    String finalNorm();

    /// The output head; the embeddings if they are tied.
    String head();

    /// A tensor of a layer, such as `self_attn.q_proj.weight`.
    String ofLayer(int layer, String rest);

    /// Whether the head is the embeddings.
    default boolean tied() {
        return head().equals(embeddings());
    }
}
