package jmergekit.evolve;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import jmergekit.MergeFailedException;
import jmergekit.evaluate.EvaluationException;
import jmergekit.evaluate.Evaluator;
import jmergekit.evaluate.Score;
import jmergekit.evaluate.Split;
import jmergekit.evaluate.Trial;
import jmergekit.problem.MergeException;

/// Makes a model, and has it scored.
record TrialRun(
        Evaluator evaluator, Objective objective, SearchFolder folder, SearchOptions options) {
    private static final double NANOS = 1e9;

    Evaluation run(PlannedTrial trial, int slot) {
        long start = System.nanoTime();
        Path out = folder.trial(trial.name());
        Optional<Path> model = Optional.empty();
        double made = 0;
        try {
            if (evaluator.readsFolder()) {
                model = Optional.of(folder.model(slot));
                folder.remove(model.get());
                trial.plan().write(model.get(), options.run(slot));
            }
            made = (System.nanoTime() - start) / NANOS;
            Map<String, Score> scores = evaluator.evaluate(asked(trial, model, out, slot));
            double scored = (System.nanoTime() - start) / NANOS - made;
            double objectiveValue = checked(trial.split(), scores);
            folder.remove(out);
            return Evaluation.scored(trial, objectiveValue, kept(trial, scores), made, scored);
        } catch (EvaluationException | MergeFailedException | MergeException e) {
            double scored = (System.nanoTime() - start) / NANOS - made;
            return Evaluation.failed(trial, String.valueOf(e.getMessage()), made, scored);
        } finally {
            model.ifPresent(folder::remove);
        }
    }

    private Trial asked(PlannedTrial trial, Optional<Path> model, Path out, int slot) {
        return new Trial(
                trial.plan(),
                model,
                out,
                trial.split(),
                slot,
                options.gpu(slot),
                options.seed(),
                options.trialTime(),
                options.run(slot));
    }

    private double checked(Split split, Map<String, Score> scores) throws EvaluationException {
        // Not every task has held-out items.
        Objective counted = split == Split.SEARCH ? objective : objective.of(scores.keySet());
        for (String task : counted.tasks()) {
            Score score = scores.get(task);
            if (score == null || !Double.isFinite(score.value())) {
                throw new EvaluationException(
                        "the score in '%s' is %s"
                                .formatted(task, score == null ? "missing" : score.value()));
            }
        }
        if (counted.count() == 0) {
            throw new EvaluationException("a task with a weight has no score");
        }
        return counted.of(scores);
    }

    // Scores of single items are not needed for the search's own items.
    private static Map<String, Score> kept(PlannedTrial trial, Map<String, Score> scores) {
        if (trial.split() == Split.HELD_OUT) {
            return scores;
        }
        Map<String, Score> kept = new LinkedHashMap<>();
        scores.forEach((task, s) ->
                kept.put(
                        task,
                        new Score(
                                s.value(), s.standardError(), s.higherIsBetter(), new double[0])));
        return kept;
    }
}
