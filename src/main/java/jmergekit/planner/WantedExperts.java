package jmergekit.planner;

/// The requested layout of the output's experts.
public enum WantedExperts {
    /// As in the model that the output's config.json comes from.
    BASE,
    /// One tensor for each matrix of each expert.
    SPLIT,
    /// One tensor for all experts of a layer.
    FUSED
}
