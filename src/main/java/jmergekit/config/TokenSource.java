package jmergekit.config;

import jmergekit.model.ModelReference;

/// A row of a model's embeddings, or zeros.
public sealed interface TokenSource {
    /// Zeros.
    record Zero() implements TokenSource {}

    /// The row of the same token in a model.
    record SameToken(ModelReference model) implements TokenSource {}

    /// The row of another token in a model.
    record NamedToken(ModelReference model, String token) implements TokenSource {}

    /// The row with this number in a model.
    record TokenId(ModelReference model, int id) implements TokenSource {}
}
