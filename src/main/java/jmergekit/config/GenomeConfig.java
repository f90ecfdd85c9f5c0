package jmergekit.config;

import java.util.List;
import java.util.Optional;
import jmergekit.model.ModelReference;

/// A merge whose parameters are searched, in mergekit's format.
///
/// @param layerGranularity the number of layers that share values; all layers if absent
public record GenomeConfig(
        List<Located<ModelReference>> models,
        Located<String> method,
        Optional<Located<ModelReference>> baseModel,
        Optional<Located<String>> tokenizerSource,
        Optional<Located<Integer>> layerGranularity,
        Optional<Boolean> normalize,
        boolean allowNegativeWeights,
        boolean smooth,
        List<Located<String>> filters)
        implements SearchSubject {}
