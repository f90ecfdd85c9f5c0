package jmergekit.evolve;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.search.Space;

/// Everything known at the end of a search, for its report.
///
/// @param title of the report
/// @param settings rows of a table: algorithm, evaluator, seed and so on
/// @param space the search space
/// @param objective in words: the tasks with their weights
/// @param tasks in their order
/// @param evaluations of candidates and baselines on the search's items, in order of completion
/// @param heldOut evaluations of the best candidates and the baselines on held-out items
/// @param winner the number of the best candidate, if one has a score
/// @param front numbers of the candidates on the Pareto front, for searches with several objectives
/// @param verdict whether the winner is better than the best parent, in sentences
/// @param recipe the winner's recipe, in YAML
public record SearchSummary(
        String title,
        Map<String, String> settings,
        Space space,
        String objective,
        List<String> tasks,
        List<Evaluation> evaluations,
        List<Evaluation> heldOut,
        Optional<Long> winner,
        List<Long> front,
        List<String> verdict,
        Optional<String> recipe) {}
