package jmergekit.config;

/// The search space of a file for `mergekit-evolve`.
public sealed interface SearchSubject permits GenomeConfig, MarkedConfig, StackConfig {}
