package jmergekit.config;

import java.util.List;
import java.util.Optional;

/// What a file for `mergekit-evolve` says.
///
/// @param source the file's name for messages
/// @param text of the file
/// @param name of the search, for its report
/// @param subject what is searched
/// @param tasks at least one
/// @param evaluator who scores
/// @param limit most items of a task
/// @param fewShot examples before each question, for evaluators that know tasks by name
/// @param shuffle whether the items of a task are drawn by the seed, where `limit` leaves some out
/// @param randomStart whether a search begins at a random point
/// @param chatTemplate whether contexts are put into the model's chat template
/// @param fewShotAsTurns whether examples are turns of a chat
public record EvolveConfig(
        String source,
        String text,
        Optional<String> name,
        SearchSubject subject,
        List<TaskConfig> tasks,
        EvaluatorConfig evaluator,
        Optional<Integer> limit,
        Optional<Integer> fewShot,
        boolean shuffle,
        boolean randomStart,
        boolean chatTemplate,
        boolean fewShotAsTurns) {}
