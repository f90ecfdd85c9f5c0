package jmergekit.linalg;

/// How the states of a text's tokens become one vector.
public enum Pooling {
    /// That of the last token, the only one that saw the whole text.
    LAST,
    /// The mean over all tokens.
    MEAN
}
