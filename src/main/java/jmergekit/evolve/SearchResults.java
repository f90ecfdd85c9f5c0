package jmergekit.evolve;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import jmergekit.evaluate.Split;
import jmergekit.evolve.SearchedRecipe.Baseline;
import jmergekit.evolve.SearchedRecipe.Kind;
import jmergekit.search.ParetoFront;
import jmergekit.search.Searcher;

/// The state of the log, and the files that report it.
///
/// @param title of the report
/// @param settings rows of the report: the settings of the search
record SearchResults(
        String title,
        Map<String, String> settings,
        SearchedRecipe recipe,
        Objective objective,
        SearchOptions options,
        EvaluationLog log) {
    /// The number of candidates that are evaluated on held-out items.
    static final int FINALISTS = 5;

    private List<Evaluation> searched() {
        return log.all().stream().filter(e -> e.split() == Split.SEARCH).toList();
    }

    private List<Evaluation> candidates() {
        return searched().stream()
                .filter(e -> e.baseline().isEmpty() && e.objective().isPresent())
                .toList();
    }

    /// The best candidates, without duplicate models.
    List<Evaluation> finalists() {
        Set<String> models = new HashSet<>();
        return candidates().stream()
                .sorted(
                        Comparator.comparingDouble((Evaluation e) -> -e.objective().getAsDouble())
                                .thenComparingLong(Evaluation::number))
                .filter(e -> models.add(e.hash().orElse("")))
                .limit(FINALISTS)
                .toList();
    }

    /// Names of the baselines that are models of the merge, including the base.
    List<String> parents() {
        return recipe.baselines().stream()
                .filter(b -> b.kind() != Kind.EQUAL)
                .map(Baseline::name)
                .toList();
    }

    // A resumed search may have different best candidates than before.
    private List<Evaluation> heldOut() {
        Set<Long> best = finalists().stream().map(Evaluation::number).collect(Collectors.toSet());
        return log.all().stream()
                .filter(e -> e.split() == Split.HELD_OUT)
                .filter(e -> e.baseline().isPresent() || best.contains(e.number()))
                .toList();
    }

    private List<Long> front() {
        if (!options.hasSeveralObjectives()) {
            return List.of();
        }
        List<Evaluation> scored = candidates();
        List<double[]> values = new ArrayList<>();
        scored.forEach(e -> values.add(objective.each(e.scores())));
        return ParetoFront.of(values).stream().map(i -> scored.get(i).number()).toList();
    }

    private SearchSummary summary(List<String> verdict, List<Evaluation> heldOut) {
        Optional<Evaluation> winner = finalists().stream().findFirst();
        return new SearchSummary(
                title,
                settings,
                recipe.space(),
                objective.text(),
                objective.tasks(),
                searched(),
                heldOut,
                winner.map(Evaluation::number),
                front(),
                verdict,
                winner.map(e -> recipe.recipe(e.point().orElseThrow())));
    }

    /// Writes the files of a finished search.
    SearchSummary write(SearchFolder folder, Searcher searcher) {
        List<Evaluation> heldOut = heldOut();
        Verdict verdict = new Verdict(objective, parents(), options.seed());
        SearchSummary summary = summary(verdict.sentences(searched(), heldOut), heldOut);
        write(summary, folder, searcher);
        return summary;
    }

    /// Writes the files of a search that is still running.
    void writeSoFar(SearchFolder folder, Searcher searcher) {
        write(summary(List.of("The search is still running."), List.of()), folder, searcher);
    }

    private static void write(SearchSummary summary, SearchFolder folder, Searcher searcher) {
        folder.write(SearchFolder.STATE, searcher.toJson());
        summary.recipe().ifPresent(text -> folder.write(SearchFolder.BEST, text));
        folder.write(SearchFolder.REPORT, SearchPage.html(summary));
    }
}
