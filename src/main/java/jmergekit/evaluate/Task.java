package jmergekit.evaluate;

import java.nio.file.Path;
import java.util.Optional;

/// Something that a model is good at, or not.
///
/// @param name as the evaluator knows it
/// @param metric of the evaluator, as in `acc,none`; without one the evaluator's usual one
/// @param items the file with what is asked during a search, as JSON lines; only of evaluators that
///     ask themselves
/// @param heldOut the file with what is asked at the end
/// @param heldOutName the task to run at the end instead, for evaluators that know tasks by name
/// @param extract finds the answer in what a model says
public record Task(
        String name,
        Optional<String> metric,
        Optional<Path> items,
        Optional<Path> heldOut,
        Optional<String> heldOutName,
        Optional<Extraction> extract) {}
