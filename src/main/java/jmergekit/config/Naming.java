package jmergekit.config;

/// Kinds of names in recipes. The names themselves are listed in other rooms.
public enum Naming {
    /// Merge methods.
    METHOD,
    /// Dtypes of floats.
    DTYPE,
    /// The same, and forms of quantised weights.
    OUT_DTYPE,
    /// Chat templates; any other text may be a template itself.
    CHAT_TEMPLATE,
    /// Families of mixtures of experts.
    FAMILY
}
