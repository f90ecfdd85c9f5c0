package jmergekit.evolve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import jmergekit.MergePlan;
import jmergekit.evaluate.Split;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.publish.Removal;
import jmergekit.weights.IoReason;

/// The estimated cost of a search, based on one candidate that was made and scored.
///
/// @param evaluation of the starting candidate
/// @param seconds for the whole search, if all candidates take as long
/// @param models bytes on disk of the models that are scored at the same time
/// @param finalModel bytes of the winner's model
public record Estimate(Evaluation evaluation, double seconds, long models, long finalModel) {
    private static final int WARM_UPS = 3;
    private static final double QUICK = 20;

    static Estimate of(Search search, Path beside) {
        MergePlan plan = search.start();
        Evaluation evaluation;
        Path path = beside.resolveSibling(beside.getFileName() + "-" + UUID.randomUUID());
        try (SearchFolder folder = SearchFolder.open(path, path.toString(), false)) {
            TrialRun run =
                    new TrialRun(search.evaluator(), search.objective(), folder, search.options());
            PlannedTrial trial =
                    new PlannedTrial(
                            0,
                            Optional.empty(),
                            Split.SEARCH,
                            Optional.of(search.recipe().space().start()),
                            plan,
                            plan.hash());
            evaluation = run.run(trial, 0);
            // For small models, the first run mostly measures class loading and compilation.
            for (int i = 0; i < WARM_UPS && seconds(evaluation) < QUICK; i++) {
                evaluation = run.run(trial, 0);
            }
        } finally {
            remove(path);
        }
        int baselines = search.baselines().size();
        int heldOut = search.evaluator().hasHeldOut() ? baselines + SearchResults.FINALISTS : 0;
        double one = seconds(evaluation);
        long all = search.options().evaluations() + baselines + heldOut;
        return new Estimate(
                evaluation,
                one * all / search.options().slots(),
                search.evaluator().readsFolder() ? search.options().slots() * plan.bytes() : 0,
                search.options().saveFinalModel() ? plan.bytes() : 0);
    }

    private static double seconds(Evaluation evaluation) {
        return evaluation.mergeSeconds() + evaluation.evaluateSeconds();
    }

    private static void remove(Path path) {
        try {
            Removal.ofAll(path);
        } catch (IOException e) {
            throw new MergeException(
                    Problem.output(path.toString(), "cannot be removed: " + IoReason.of(e)), e);
        }
    }
}
