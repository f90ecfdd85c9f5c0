package jmergekit.evolve;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import jmergekit.MergeFailedException;
import jmergekit.evaluate.EvaluationException;
import jmergekit.evaluate.Evaluator;
import jmergekit.evaluate.Score;
import jmergekit.evaluate.Split;
import jmergekit.evaluate.Trial;
import jmergekit.problem.MergeException;

/// Makes a model, and lets it be scored.
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
            folder.remove(out);
            return evaluation(
                    trial,
                    OptionalDouble.of(checked(trial.split(), scores)),
                    scores,
                    made,
                    scored,
                    Optional.empty());
        } catch (EvaluationException | MergeFailedException | MergeException e) {
            double scored = (System.nanoTime() - start) / NANOS - made;
            return evaluation(
                    trial,
                    OptionalDouble.empty(),
                    Map.of(),
                    made,
                    scored,
                    Optional.of(String.valueOf(e.getMessage())));
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
        // Not every task has items that are held out.
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
            throw new EvaluationException("there is no score in a task that counts");
        }
        return counted.of(scores);
    }

    private static Evaluation evaluation(
            PlannedTrial trial,
            OptionalDouble objective,
            Map<String, Score> scores,
            double made,
            double scored,
            Optional<String> failure) {
        return new Evaluation(
                trial.number(),
                trial.baseline(),
                trial.split(),
                trial.point(),
                Optional.of(trial.hash()),
                objective,
                scores,
                made,
                scored,
                failure,
                OptionalLong.empty());
    }
}
