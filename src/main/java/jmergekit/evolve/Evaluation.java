package jmergekit.evolve;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import jmergekit.evaluate.Score;
import jmergekit.evaluate.Split;
import jmergekit.search.Point;

/// A model that was scored, or could not be.
///
/// @param number of the candidate, from 0, or of the baseline
/// @param baseline name of the baseline, if it is one
/// @param split the items used
/// @param point the candidate's point
/// @param hash of the plan, if it could be planned
/// @param objective the weighted mean of the scores, higher is better; empty if it failed
/// @param scores by task
/// @param mergeSeconds time to make the model
/// @param evaluateSeconds time to score it
/// @param failure why there are no scores
/// @param sameAs the candidate with the same plan, whose scores were reused
public record Evaluation(
        long number,
        Optional<String> baseline,
        Split split,
        Optional<Point> point,
        Optional<String> hash,
        OptionalDouble objective,
        Map<String, Score> scores,
        double mergeSeconds,
        double evaluateSeconds,
        Optional<String> failure,
        OptionalLong sameAs) {
    /// An evaluation of a trial without scores.
    static Evaluation failed(
            PlannedTrial trial, String failure, double mergeSeconds, double evaluateSeconds) {
        return new Evaluation(
                trial.number(),
                trial.baseline(),
                trial.split(),
                trial.point(),
                Optional.of(trial.hash()),
                OptionalDouble.empty(),
                Map.of(),
                mergeSeconds,
                evaluateSeconds,
                Optional.of(failure),
                OptionalLong.empty());
    }

    /// An evaluation of a trial with scores.
    static Evaluation scored(
            PlannedTrial trial,
            double objective,
            Map<String, Score> scores,
            double mergeSeconds,
            double evaluateSeconds) {
        return new Evaluation(
                trial.number(),
                trial.baseline(),
                trial.split(),
                trial.point(),
                Optional.of(trial.hash()),
                OptionalDouble.of(objective),
                scores,
                mergeSeconds,
                evaluateSeconds,
                Optional.empty(),
                OptionalLong.empty());
    }

    /// Why there are no scores, in one line: the first and the last line of the reason, which may
    /// end with the end of a log.
    public Optional<String> failureLine() {
        return failure.map(text -> {
            List<String> lines =
                    text.lines().map(l -> l.replaceFirst("^\\s*\\|?\\s*", "")).toList();
            return lines.size() < 2 ? text : lines.getFirst() + ": " + lines.getLast();
        });
    }
}
