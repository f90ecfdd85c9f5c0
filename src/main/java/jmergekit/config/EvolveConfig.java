package jmergekit.config;

import java.util.List;
import java.util.Optional;

/// The contents of a file for `mergekit-evolve`.
///
/// @param source the file's name for messages
/// @param text the text of the file
/// @param name the name of the search, for its report
/// @param subject what is searched
/// @param tasks at least one
/// @param evaluator what scores candidates
/// @param limit the maximum number of items per task
/// @param fewShot the number of examples before each question, for evaluators with named tasks
/// @param shuffle whether the items of a task are sampled by the seed if `limit` excludes some
/// @param randomStart whether the search starts at a random point
/// @param chatTemplate whether the model's chat template is applied to contexts
/// @param fewShotAsTurns whether examples are separate chat turns
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
