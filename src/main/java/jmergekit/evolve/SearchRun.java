package jmergekit.evolve;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import jmergekit.Models;
import jmergekit.Recipe;
import jmergekit.evaluate.Evaluator;
import jmergekit.evaluate.Split;
import jmergekit.evolve.SearchedRecipe.Baseline;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.search.Searcher;
import jmergekit.threads.ExitAction;
import jmergekit.threads.Slots;

/// A search from its first baseline to its verdict. Finished evaluations are logged, so that
/// another process can continue after this one is killed.
final class SearchRun {
    private static final long BETWEEN_REPORTS = TimeUnit.SECONDS.toNanos(20);

    private final Models models;
    private final SearchedRecipe recipe;
    private final Evaluator evaluator;
    private final Objective objective;
    private final SearchOptions options;
    private final Searcher searcher;
    private final SearchFolder folder;
    private final EvaluationLog log;
    private final SearchResults results;
    private final SearchProgress progress;
    private final Trials trials;
    private final TrialRun trialRun;
    private final SearchClock clock;

    private long reported = System.nanoTime();

    SearchRun(
            Models models,
            Evaluator evaluator,
            Searcher searcher,
            SearchFolder folder,
            SearchResults results,
            SearchProgress progress,
            long begun) {
        this.models = models;
        this.recipe = results.recipe();
        this.evaluator = evaluator;
        this.objective = results.objective();
        this.options = results.options();
        this.searcher = searcher;
        this.folder = folder;
        this.log = results.log();
        this.results = results;
        this.progress = progress;
        this.clock = new SearchClock(begun, options.time(), options.run().cancellation());
        this.trials = new Trials(models, options);
        this.trialRun = new TrialRun(evaluator, objective, folder, options);
    }

    /// @return the results, which are also in the folder's files
    SearchSummary run() {
        try (Slots<Evaluation> slots = new Slots<>(options.slots())) {
            score(baselines(Split.SEARCH), slots);
            refuseWithoutParents();
            new CandidateSearch(searcher, recipe, trialRun, trials, log.all(), clock, new Logging())
                    .search(slots);
            if (evaluator.hasHeldOut()) {
                results.writeSoFar(folder, searcher);
                progress.say("evaluating the best candidates and the baselines on held-out items");
                List<Trials.Planned> last = new ArrayList<>(finalists());
                last.addAll(baselines(Split.HELD_OUT));
                score(last, slots);
            }
        }
        SearchSummary summary = results.write(folder, searcher);
        if (summary.winner().isEmpty()) {
            throw new MergeException(
                    Problem.input(folder.label(SearchFolder.LOG), "no candidate has a score")
                            .hint(
                                    "see the logs in 'trials', fix the cause, and continue with"
                                            + " --resume"));
        }
        if (options.saveFinalModel() && summary.recipe().isPresent()) {
            progress.say("writing the best candidate as a model");
            models.plan(Recipe.parse(summary.recipe().get()), options.plan())
                    .write(folder.file(SearchFolder.MODEL), options.finalRun());
        }
        return summary;
    }

    /// Logs finished evaluations.
    private final class Logging implements CandidateSearch.Listener {
        @Override
        public void ended(Evaluation evaluation) {
            record(evaluation);
        }

        @Override
        public void told(Evaluation evaluation, boolean isBest, long count, double best) {
            progress.evaluated(evaluation, count, options.evaluations(), best);
            if (System.nanoTime() - reported > BETWEEN_REPORTS) {
                results.writeSoFar(folder, searcher);
                reported = System.nanoTime();
            }
        }
    }

    private List<Trials.Planned> baselines(Split split) {
        List<Trials.Planned> planned = new ArrayList<>();
        for (Baseline baseline : recipe.baselines()) {
            planned.add(
                    trials.plan(
                            planned.size(),
                            Optional.of(baseline.name()),
                            split,
                            Optional.empty(),
                            baseline.recipe()));
        }
        return planned;
    }

    private List<Trials.Planned> finalists() {
        return results.finalists().stream()
                .map(e ->
                        trials.plan(
                                e.number(),
                                Optional.empty(),
                                Split.HELD_OUT,
                                e.point(),
                                recipe.recipe(e.point().orElseThrow())))
                .toList();
    }

    private void score(List<Trials.Planned> all, Slots<Evaluation> slots) {
        for (Trials.Planned planned : all) {
            switch (planned) {
                case Trials.Planned.Refused(Evaluation failed) -> add(failed);
                case Trials.Planned.Ready(PlannedTrial trial) -> {
                    if (isNew(trial.split(), trial.baseline(), trial.number())) {
                        if (!slots.hasFree()) {
                            add(slots.take());
                        }
                        slots.start(slot -> trialRun.run(trial, slot));
                    }
                }
            }
        }
        while (slots.isBusy()) {
            add(slots.take());
        }
    }

    private void add(Evaluation evaluation) {
        if (isNew(evaluation.split(), evaluation.baseline(), evaluation.number())) {
            record(evaluation);
            progress.evaluated(evaluation, 0, options.evaluations(), Double.NaN);
        }
    }

    // Evaluations that fail because the program ends or the search is cancelled are repeated by the
    // next process.
    private void record(Evaluation evaluation) {
        if (evaluation.failure().isPresent()
                && (ExitAction.isUnderWay() || options.run().cancellation().isCancelled())) {
            throw new MergeException(
                    Problem.output(folder.label(SearchFolder.LOG), "the search was stopped")
                            .hint("continue with --resume"));
        }
        log.add(evaluation);
    }

    private boolean isNew(Split split, Optional<String> baseline, long number) {
        return log.all().stream()
                .filter(e -> e.failure().isEmpty())
                .noneMatch(e ->
                        e.split() == split
                                && e.baseline().equals(baseline)
                                && e.number() == number);
    }

    // If no parent can be scored, no candidate can.
    private void refuseWithoutParents() {
        List<Evaluation> parents =
                log.all().stream()
                        .filter(e -> e.split() == Split.SEARCH)
                        .filter(e -> e.baseline().filter(results.parents()::contains).isPresent())
                        .toList();
        if (!parents.isEmpty() && parents.stream().allMatch(e -> e.failure().isPresent())) {
            throw new MergeException(
                    parents.stream()
                            .map(e ->
                                    Problem.input(
                                                    "baseline '%s'"
                                                            .formatted(e.baseline().orElseThrow()),
                                                    "cannot be scored")
                                            .found(e.failureLine().orElseThrow())
                                            .hint(
                                                    "see the log in 'trials', fix the cause, and continue"
                                                            + " with --resume"))
                            .toList());
        }
    }
}
