package jmergekit.config;

import java.util.Optional;
import jmergekit.model.ModelReference;

/// A merge recipe as the user wrote it. `source` is the file's name as given and `text` its content
/// verbatim; whether the method, models and layers exist is not known yet.
public record MergeConfig(
        String source,
        String text,
        Optional<Located<String>> name,
        Located<String> mergeMethod,
        Optional<Located<ModelReference>> baseModel,
        Composition composition,
        ParameterSet parameters,
        Optional<Located<String>> dtype,
        Optional<Located<String>> outDtype,
        Optional<TokenizerConfig> tokenizer,
        Optional<Located<String>> chatTemplate) {}
