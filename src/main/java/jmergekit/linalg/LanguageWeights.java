package jmergekit.linalg;

import jmergekit.primitive.SourceTensor;

/// The tensors of a decoder that predicts the next token.
public interface LanguageWeights extends DecoderWeights {
    /// The weight of the norm after the last layer, (hidden).
    SourceTensor finalNorm();

    /// The output head, (tokens, hidden); often the embeddings.
    SourceTensor head();
}
