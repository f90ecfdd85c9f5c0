package jmergekit.evolve;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.search.Space;

/// All that is known at the end of a search, for its report.
///
/// @param title of the report
/// @param settings what was asked for, as rows of a table: algorithm, evaluator, seed and so on
/// @param space what was searched
/// @param objective what counts, in words: the tasks with their weights
/// @param tasks in their order
/// @param evaluations of candidates and baselines on the search's items, in the order of their end
/// @param heldOut of the best candidates and the baselines on held-out items
/// @param winner the number of the best candidate, if one has a score
/// @param front numbers of the candidates that none beats in every task; of searches with several
///     objectives
/// @param verdict whether the winner is better than the best parent, in sentences
/// @param recipe the winner's, in YAML
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
