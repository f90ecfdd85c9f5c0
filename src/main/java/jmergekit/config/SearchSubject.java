package jmergekit.config;

/// What a file for `mergekit-evolve` searches.
public sealed interface SearchSubject permits GenomeConfig, MarkedConfig, StackConfig {}
