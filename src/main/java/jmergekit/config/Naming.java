package jmergekit.config;

/// What has names that a recipe may use, of which other rooms know the list.
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
