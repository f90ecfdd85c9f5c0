package jmergekit.linalg;

/// How the states of a text's tokens are reduced to one vector.
public enum Pooling {
    /// The state of the last token, the only one that attends to the whole text.
    LAST,
    /// The mean over all tokens.
    MEAN
}
