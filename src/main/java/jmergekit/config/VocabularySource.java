package jmergekit.config;

import jmergekit.model.ModelReference;

/// Whose vocabulary the output has.
public sealed interface VocabularySource {
    /// All input models' vocabularies, the base model's first.
    record Union() implements VocabularySource {}

    /// The base model's.
    record Base() implements VocabularySource {}

    /// One model's.
    record OfModel(ModelReference model) implements VocabularySource {}
}
