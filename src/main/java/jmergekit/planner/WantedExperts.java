package jmergekit.planner;

/// The layout that experts of the output are wanted in.
public enum WantedExperts {
    /// That of the model which the output's config.json comes from.
    BASE,
    /// A tensor for each matrix of each expert.
    SPLIT,
    /// One tensor for all experts of a layer.
    FUSED
}
