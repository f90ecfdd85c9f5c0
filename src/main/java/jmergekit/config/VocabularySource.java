package jmergekit.config;

import jmergekit.model.ModelReference;

/// The source of the output's vocabulary.
public sealed interface VocabularySource {
    /// The vocabularies of all input models, starting with the base model.
    record Union() implements VocabularySource {}

    /// The base model's.
    record Base() implements VocabularySource {}

    /// One model's.
    record OfModel(ModelReference model) implements VocabularySource {}
}
