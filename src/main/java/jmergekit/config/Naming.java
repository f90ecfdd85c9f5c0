package jmergekit.config;

/// Kinds of names in recipes. Other rooms list the names themselves.
public enum Naming {
    /// Merge methods.
    METHOD,
    /// Floating-point dtypes.
    DTYPE,
    /// Floating-point dtypes and formats of quantised weights.
    OUT_DTYPE,
    /// Chat templates; any other text may be a template itself.
    CHAT_TEMPLATE,
    /// Families of mixtures of experts.
    FAMILY
}
