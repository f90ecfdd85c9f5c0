package jmergekit.evolve;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import jmergekit.MergeFailedException;
import jmergekit.MergePlan;
import jmergekit.Models;
import jmergekit.Recipe;
import jmergekit.config.EvolveConfig;
import jmergekit.evaluate.Evaluator;
import jmergekit.page.Numbers;
import jmergekit.publish.Sha256;
import jmergekit.search.SearchSettings;
import jmergekit.search.Searcher;
import jmergekit.search.Searchers;

/// A search that is ready to start: the space, the evaluator, and the options.
///
/// @param models opened once for all candidates
/// @param scoring what scores depend on in addition to the file: a checksum of the tasks' items,
///     and the evaluator's options
public record Search(
        Models models,
        EvolveConfig config,
        SearchedRecipe recipe,
        Evaluator evaluator,
        Objective objective,
        String scoring,
        SearchOptions options,
        SearchProgress progress) {
    /// The merge at the starting point of the search.
    ///
    /// @throws jmergekit.MergeFailedException if it cannot be made
    public MergePlan start() {
        return models.plan(Recipe.parse(recipe.recipe(recipe.space().start())), options.plan());
    }

    /// Starts a search, or continues one.
    ///
    /// @param path of the folder for the log and the results
    /// @param label its name in messages
    public SearchSummary run(Path path, String label) {
        long begun = System.nanoTime();
        String inputs = inputs();
        try (SearchFolder folder = SearchFolder.open(path, label, options.resume())) {
            SearchOptions carriedOut = options;
            if (options.resume()) {
                carriedOut = options.lookahead(SearchIdentity.lookahead(path, label));
            }
            SearchIdentity identity = SearchIdentity.of(config.text(), inputs, scoring, carriedOut);
            try (EvaluationLog log =
                    EvaluationLog.open(
                            folder.file(SearchFolder.LOG),
                            folder.label(SearchFolder.LOG),
                            options.seed(),
                            new LogRules(recipe.space().width(), objective.tasks()))) {
                // As long as there are no scores, the settings that prevented them can be fixed.
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
                                progress,
                                begun)
                        .run();
            }
        }
    }

    // The merge at the start may not read all models.
    private String inputs() {
        StringJoiner hashes = new StringJoiner(" ");
        hashes.add(start().hash());
        for (SearchedRecipe.Baseline baseline : recipe.baselines()) {
            try {
                hashes.add(models.plan(Recipe.parse(baseline.recipe()), options.plan()).hash());
            } catch (MergeFailedException e) {
                // An average of incompatible models.
                hashes.add("none");
            }
        }
        return Sha256.hex(hashes.toString().getBytes(StandardCharsets.UTF_8));
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
        return new SearchResults(
                config.name().orElse(config.source()),
                settings(),
                recipe,
                objective,
                carriedOut,
                log);
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

    /// The time and space that one merge and one evaluation at the starting point need,
    /// extrapolated to the whole search.
    ///
    /// @param beside where the search would be: the candidate is made in a temporary folder next to
    ///     it
    public Estimate estimate(Path beside) {
        return Estimate.of(this, beside);
    }

    /// The names of the baselines.
    public List<String> baselines() {
        return recipe.baselines().stream().map(SearchedRecipe.Baseline::name).toList();
    }
}
