package jmergekit.linalg;

import java.util.Optional;
import jmergekit.primitive.SourceTensor;

/// The tensors of a Llama-like decoder. Matrices are (outputs, inputs), row-major.
public interface DecoderWeights {
    /// The input embeddings, (tokens, hidden).
    SourceTensor embeddings();

    /// A tensor of a layer, such as `self_attn.q_proj.weight`; empty if the model has none.
    Optional<SourceTensor> find(int layer, String name);
}
