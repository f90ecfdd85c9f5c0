package jmergekit.config;

import java.util.List;
import java.util.Optional;
import jmergekit.model.ModelReference;

/// A merge whose parameters are searched, in mergekit's form.
///
/// @param layerGranularity layers that share their values; all do if there is none
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
