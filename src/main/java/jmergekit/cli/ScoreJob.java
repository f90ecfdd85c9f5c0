package jmergekit.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import jmergekit.MergeFailedException;
import jmergekit.MergePlan;
import jmergekit.RunSettings;
import jmergekit.cluster.Job;
import jmergekit.cluster.SharedPlan;
import jmergekit.evaluate.EvaluationException;
import jmergekit.evaluate.Evaluator;
import jmergekit.evaluate.Score;
import jmergekit.evaluate.Split;
import jmergekit.evaluate.Trial;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.publish.Removal;
import jmergekit.weights.IoReason;
import org.jspecify.annotations.Nullable;

/// Makes a model and scores it. A failure is also a result, since a retry would fail in the same
/// way.
///
/// @param name for example `candidate-00012`
/// @param out an existing folder for the evaluator's own files
/// @param model where the model may be made, if the evaluator reads a folder
/// @param timeout the time after which the evaluation counts as failed
record ScoreJob(
        String name,
        SearchCommandLine search,
        SharedPlan plan,
        String out,
        String model,
        Split split,
        int slot,
        @Nullable Duration timeout)
        implements Job<SentScores> {

    @Override
    public SentScores run(Attempt attempt) {
        Path folder = Path.of(model + "-" + attempt.number());
        try {
            return SentScores.of(scores(attempt, folder));
        } catch (EvaluationException | MergeFailedException | MergeException e) {
            return SentScores.failure(String.valueOf(e.getMessage()));
        } finally {
            remove(folder);
        }
    }

    private Map<String, Score> scores(Attempt attempt, Path folder) throws EvaluationException {
        MergePlan opened = plan.open();
        SearchCommandLine.Opened command = search.open(attempt.threads());
        Evaluator evaluator = command.evaluator();
        RunSettings run =
                command.run().threads(attempt.threads()).cancellation(attempt.cancellation());
        Optional<Path> made = evaluator.readsFolder() ? Optional.of(folder) : Optional.empty();
        made.ifPresent(path -> opened.write(path, run));
        return evaluator.evaluate(
                new Trial(
                        opened,
                        made,
                        own(attempt),
                        split,
                        slot,
                        OptionalInt.empty(),
                        command.seed(),
                        Optional.ofNullable(timeout),
                        run));
    }

    // Two attempts may run at the same time.
    private Path own(Attempt attempt) {
        Path folder = Path.of(out);
        if (attempt.number() == 0) {
            return folder;
        }
        try {
            return Files.createDirectories(folder.resolve("attempt-" + attempt.number()));
        } catch (IOException e) {
            throw new MergeException(
                    Problem.output(out, "cannot be written: " + IoReason.of(e)), e);
        }
    }

    private static void remove(Path folder) {
        try {
            Removal.ofAll(folder);
        } catch (IOException e) {
            // The search removes the enclosing folder.
        }
    }
}
