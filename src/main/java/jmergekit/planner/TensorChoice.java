package jmergekit.planner;

/// Which tensors of models without layers go into the output.
public enum TensorChoice {
    /// All, and a model that lacks one of them is refused.
    SAME,
    /// Those that all models have.
    COMMON,
    /// All that any model has, each merged of the models that have it.
    ALL
}
