package jmergekit.evolve;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jmergekit.MergePlan;
import jmergekit.Models;
import jmergekit.Recipe;
import jmergekit.config.EvolveConfig;
import jmergekit.evaluate.Evaluator;
import jmergekit.page.Numbers;
import jmergekit.search.SearchSettings;
import jmergekit.search.Searcher;
import jmergekit.search.Searchers;

/// A search that is ready to begin: what is searched, who scores, and how.
///
/// @param models are opened once for all candidates
public record Search(
        Models models,
        EvolveConfig config,
        SearchedRecipe recipe,
        Evaluator evaluator,
        Objective objective,
        SearchOptions options,
        SearchProgress progress) {
    /// The merge where the search begins.
    ///
    /// @throws jmergekit.MergeFailedException if it cannot be made
    public MergePlan start() {
        return models.plan(Recipe.parse(recipe.recipe(recipe.space().start())), options.plan());
    }

    /// Searches, or goes on with a search.
    ///
    /// @param path of the folder that gets the log and the results
    /// @param label how messages call it
    public SearchSummary run(Path path, String label) {
        MergePlan start = start();
        try (SearchFolder folder = SearchFolder.open(path, label, options.resume())) {
            SearchOptions carriedOut = options;
            if (options.resume()) {
                carriedOut = options.lookahead(SearchIdentity.lookahead(path, label));
            }
            SearchIdentity identity = SearchIdentity.of(config.text(), start.hash(), carriedOut);
            try (EvaluationLog log =
                    EvaluationLog.open(
                            folder.file(SearchFolder.LOG),
                            folder.label(SearchFolder.LOG),
                            options.seed())) {
                // As long as nothing has a score, whatever kept it from one can be mended.
                if (options.resume() && log.hasScores()) {
                    identity.check(path, label);
                } else {
                    folder.write(SearchIdentity.FILE, identity.json());
                }
                return new SearchRun(
                                models,
                                evaluator,
                                searcher(),
                                folder,
                                results(carriedOut, log),
                                progress)
                        .run();
            }
        }
    }

    private Searcher searcher() {
        return Searchers.create(
                options.algorithm(),
                recipe.space(),
                new SearchSettings(
                        options.seed(),
                        options.sigma0(),
                        options.population(),
                        config.randomStart(),
                        options.hasSeveralObjectives() ? objective.count() : 1,
                        options.evaluations()));
    }

    private SearchResults results(SearchOptions carriedOut, EvaluationLog log) {
        return new SearchResults(config.source(), settings(), recipe, objective, carriedOut, log);
    }

    private Map<String, String> settings() {
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("Algorithm", options.algorithm());
        rows.put("Evaluations", "at most " + options.evaluations());
        rows.put("Variables", String.valueOf(recipe.space().variables().size()));
        rows.put("Evaluator", evaluator.description());
        rows.put("Objective", objective.text());
        rows.put("Seed", String.valueOf(options.seed()));
        rows.put("Sigma at the start", Numbers.significant(options.sigma0()));
        rows.put("Evaluations at the same time", String.valueOf(options.slots()));
        return rows;
    }

    /// What one merge and one evaluation at the start of the search take, and what the whole would.
    ///
    /// @param path a folder that does not exist; it is gone again afterwards
    public Estimate estimate(Path path) {
        return Estimate.of(this, path);
    }

    /// The names of the baselines.
    public List<String> baselines() {
        return recipe.baselines().stream().map(SearchedRecipe.Baseline::name).toList();
    }
}
