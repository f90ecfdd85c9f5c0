package jmergekit.planner;

/// Which tensors of models without layers go into the output.
public enum TensorChoice {
    /// All tensors; a model that lacks one of them is refused.
    SAME,
    /// The tensors that all models have.
    COMMON,
    /// All tensors of any model, each merged from the models that have it.
    ALL
}
