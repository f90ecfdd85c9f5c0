package jmergekit.evaluate;

import java.nio.file.Path;
import java.util.Optional;

/// A task that models are scored on.
///
/// @param name as the evaluator knows it
/// @param metric of the evaluator, as in `acc,none`; without one the evaluator's usual one
/// @param items the file with the items used during a search, as JSON lines; only for evaluators
///     that ask questions themselves
/// @param heldOut the file with the held-out items
/// @param heldOutName the task to run at the end instead, for evaluators that know tasks by name
/// @param extract finds the answer in a model's text
public record Task(
        String name,
        Optional<String> metric,
        Optional<Path> items,
        Optional<Path> heldOut,
        Optional<String> heldOutName,
        Optional<Extraction> extract) {}
