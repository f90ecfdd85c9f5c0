package jmergekit.evolve;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.evaluate.Split;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.search.Point;
import jmergekit.search.Searcher;
import jmergekit.threads.Slots;

/// Requests candidates, has each scored in the next free slot, and reports results in the order of
/// the candidates' numbers. A candidate is proposed once the results that it depends on are known:
/// those of all candidates at least [SearchOptions#lookahead] before it. The sequence of
/// candidates therefore does not depend on the order in which evaluations finish.
final class CandidateSearch {
    /// This many failures in a row are unlikely to be chance.
    private static final int FAILURES = 10;

    private final Searcher searcher;
    private final SearchedRecipe recipe;
    private final Objective objective;
    private final SearchOptions options;
    private final Trials trials;
    private final TrialRun run;
    private final Listener listener;
    private final Map<Long, Evaluation> logged = new HashMap<>();
    private final Map<Long, Evaluation> ended = new HashMap<>();
    private final Deque<PlannedTrial> ready = new ArrayDeque<>();
    private final List<PlannedTrial> underWay = new ArrayList<>();
    private final List<PlannedTrial> duplicates = new ArrayList<>();
    private final SearchClock clock;

    private long asked;
    private long told;
    private long failures;
    private long bestNumber;
    private double best = Double.NaN;
    private boolean exhausted;

    /// Receives the results of candidates.
    interface Listener {
        /// A candidate has ended; it is not in the log yet.
        void ended(Evaluation evaluation);

        /// A candidate's result was reported to the searcher, in this process or an earlier one.
        void told(Evaluation evaluation, boolean isBest, long count, double best);
    }

    /// @param earlier evaluations by an earlier process
    CandidateSearch(
            Searcher searcher,
            SearchedRecipe recipe,
            TrialRun run,
            Trials trials,
            List<Evaluation> earlier,
            SearchClock clock,
            Listener listener) {
        this.searcher = searcher;
        this.recipe = recipe;
        this.objective = run.objective();
        this.options = run.options();
        this.trials = trials;
        this.run = run;
        this.listener = listener;
        List<Evaluation> candidates =
                earlier.stream()
                        .filter(e -> e.baseline().isEmpty() && e.split() == Split.SEARCH)
                        .toList();
        long lastScored =
                candidates.stream()
                        .filter(e -> e.failure().isEmpty())
                        .mapToLong(Evaluation::number)
                        .max()
                        .orElse(-1);
        // The last failures are retried: their cause may be what ended the process.
        candidates.stream()
                .filter(e -> e.number() <= lastScored)
                .forEach(e -> logged.put(e.number(), e));
        this.clock = clock;
    }

    void search(Slots<Evaluation> slots) {
        while (true) {
            ask();
            while (slots.hasFree() && !ready.isEmpty() && !clock.isOver()) {
                start(slots);
            }
            if (ended.containsKey(told)) {
                tell(ended.remove(told));
            } else if (slots.isBusy()) {
                accept(slots.take());
            } else {
                return;
            }
        }
    }

    // Final: running evaluations may still find a better one, which would only be the first of
    // more.
    private void losePatience() {
        boolean isPatient =
                options.patience().isEmpty()
                        || told - bestNumber <= options.patience().getAsLong()
                        || Double.isNaN(best);
        exhausted |= !isPatient;
    }

    private void ask() {
        while (!exhausted
                && asked < options.evaluations()
                && asked < told + options.lookahead()
                && !clock.isOver()) {
            Optional<Point> point = searcher.ask(asked);
            if (point.isEmpty()) {
                exhausted = true;
                return;
            }
            propose(asked, point.get());
            asked++;
        }
    }

    private void propose(long number, Point point) {
        Evaluation earlier = logged.get(number);
        if (earlier != null) {
            if (!earlier.point().equals(Optional.of(point))) {
                throw new MergeException(
                        Problem.input(
                                        run.folder().label(SearchFolder.LOG),
                                        "candidate %d is not the expected one".formatted(number))
                                .expected(point.toString())
                                .found(earlier.point().map(Point::toString).orElse("none"))
                                .hint(
                                        "the file or the program has changed since; start again"
                                                + " with another --storage-path"));
            }
            trials.remember(earlier);
            ended.put(number, earlier);
            return;
        }
        switch (trials.plan(
                number, Optional.empty(), Split.SEARCH, Optional.of(point), recipe.recipe(point))) {
            case Trials.Planned.Refused(Evaluation failed) -> end(failed);
            case Trials.Planned.Ready(PlannedTrial trial) -> queue(trial);
        }
    }

    private void queue(PlannedTrial trial) {
        Optional<Evaluation> known = trials.known(trial);
        if (known.isPresent()) {
            end(Trials.same(trial, known.get()));
        } else if (ready.stream().anyMatch(t -> t.hash().equals(trial.hash()))
                || underWay.stream().anyMatch(t -> t.hash().equals(trial.hash()))) {
            duplicates.add(trial);
        } else {
            ready.add(trial);
        }
    }

    private void start(Slots<Evaluation> slots) {
        PlannedTrial trial = ready.remove();
        underWay.add(trial);
        slots.start(slot -> run.run(trial, slot));
    }

    private void accept(Evaluation evaluation) {
        underWay.removeIf(t -> t.number() == evaluation.number());
        end(evaluation);
        List<PlannedTrial> equal =
                duplicates.stream()
                        .filter(t -> Optional.of(t.hash()).equals(evaluation.hash()))
                        .toList();
        duplicates.removeAll(equal);
        equal.forEach(t -> end(Trials.same(t, evaluation)));
    }

    private void end(Evaluation evaluation) {
        listener.ended(evaluation);
        trials.remember(evaluation);
        ended.put(evaluation.number(), evaluation);
    }

    private void tell(Evaluation evaluation) {
        searcher.tell(told, evaluation.point().orElseThrow(), objectives(evaluation));
        double value = evaluation.objective().orElse(Double.NaN);
        boolean isBest = !Double.isNaN(value) && !(value <= best);
        if (isBest) {
            best = value;
            bestNumber = told;
        }
        countFailures(evaluation);
        told++;
        losePatience();
        listener.told(evaluation, isBest, told, best);
    }

    // In order of the numbers, so that the result does not depend on which ends first. Duplicates
    // that were not made again, and failures from an earlier process, do not count as new failures.
    private void countFailures(Evaluation evaluation) {
        if (evaluation.sameAs().isPresent() || logged.containsKey(evaluation.number())) {
            return;
        }
        failures = evaluation.failure().isPresent() ? failures + 1 : 0;
        if (failures >= FAILURES) {
            throw new MergeException(
                    Problem.input(
                                    "candidate " + evaluation.number(),
                                    "%d candidates in a row failed".formatted(failures))
                            .found(evaluation.failureLine().orElseThrow())
                            .hint(
                                    "see the logs in 'trials', fix the cause, and continue with"
                                            + " --resume"));
        }
    }

    // A failed candidate ranks last for every objective.
    private double[] objectives(Evaluation evaluation) {
        if (!evaluation.objective().isPresent()) {
            double[] none = new double[options.hasSeveralObjectives() ? objective.count() : 1];
            Arrays.fill(none, Double.NaN);
            return none;
        }
        return options.hasSeveralObjectives()
                ? objective.each(evaluation.scores())
                : new double[] {evaluation.objective().getAsDouble()};
    }
}
