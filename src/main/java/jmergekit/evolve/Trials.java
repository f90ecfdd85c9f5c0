package jmergekit.evolve;

import static java.util.stream.Collectors.joining;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import jmergekit.MergeFailedException;
import jmergekit.MergeProblem;
import jmergekit.Models;
import jmergekit.Recipe;
import jmergekit.evaluate.Split;
import jmergekit.search.Point;

/// Plans models to be scored, and remembers what was scored before: a model is scored only once on
/// the same items.
final class Trials {
    private final Models models;
    private final SearchOptions options;
    private final Map<String, Evaluation> scored = new HashMap<>();

    Trials(Models models, SearchOptions options) {
        this.models = models;
        this.options = options;
    }

    /// A model to score, or the reason why there is none.
    sealed interface Planned {
        /// It can be made.
        record Ready(PlannedTrial trial) implements Planned {}

        /// It cannot be made.
        record Refused(Evaluation failed) implements Planned {}
    }

    /// @param recipe in YAML
    Planned plan(
            long number,
            Optional<String> baseline,
            Split split,
            Optional<Point> point,
            String recipe) {
        try {
            var plan = models.plan(Recipe.parse(recipe), options.plan());
            return new Planned.Ready(
                    new PlannedTrial(number, baseline, split, point, plan, plan.hash()));
        } catch (MergeFailedException e) {
            return new Planned.Refused(
                    new Evaluation(
                            number,
                            baseline,
                            split,
                            point,
                            Optional.empty(),
                            OptionalDouble.empty(),
                            Map.of(),
                            0,
                            0,
                            Optional.of(errors(e)),
                            OptionalLong.empty()));
        }
    }

    private static String errors(MergeFailedException e) {
        return e.problems().stream()
                .filter(p -> !p.warning())
                .map(Trials::report)
                .collect(joining("\n"));
    }

    // Line numbers differ from those of the user's file.
    static String report(MergeProblem problem) {
        return problem.line().isPresent() && problem.report().startsWith(problem.where())
                ? "line %d of its recipe%s"
                        .formatted(
                                problem.line().getAsInt(),
                                problem.report().substring(problem.where().length()))
                : problem.report();
    }

    /// The scores of the same model on the same items, from an earlier candidate.
    Optional<Evaluation> known(PlannedTrial trial) {
        return Optional.ofNullable(scored.get(key(trial.hash(), trial.split())));
    }

    /// The scores of an equal candidate, reused for this one.
    static Evaluation same(PlannedTrial trial, Evaluation equal) {
        return new Evaluation(
                trial.number(),
                trial.baseline(),
                trial.split(),
                trial.point(),
                Optional.of(trial.hash()),
                equal.objective(),
                equal.scores(),
                0,
                0,
                equal.failure(),
                OptionalLong.of(equal.number()));
    }

    void remember(Evaluation evaluation) {
        if (evaluation.baseline().isEmpty() && evaluation.sameAs().isEmpty()) {
            evaluation
                    .hash()
                    .ifPresent(h -> scored.putIfAbsent(key(h, evaluation.split()), evaluation));
        }
    }

    private static String key(String hash, Split split) {
        return split + " " + hash;
    }
}
