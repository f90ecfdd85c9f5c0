package jmergekit.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import jmergekit.problem.Location;

/// The `tokenizer` section, or the older `tokenizer_source`, which is equivalent to a section with
/// that source. `tokens` keeps its order in the file.
public record TokenizerConfig(
        Located<VocabularySource> source,
        Map<String, TokenRule> tokens,
        Optional<Located<Integer>> padToMultipleOf,
        Location at) {
    public TokenizerConfig {
        tokens = Collections.unmodifiableMap(new LinkedHashMap<>(tokens));
    }
}
