package jmergekit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import jmergekit.MergePlan;
import jmergekit.cluster.Cluster;
import jmergekit.cluster.SharedPlan;
import jmergekit.evaluate.EvaluationException;
import jmergekit.evaluate.Evaluator;
import jmergekit.evaluate.Score;
import jmergekit.evaluate.Trial;

/// Makes and scores models on a cluster whose processes have the same evaluator and the same files.
///
/// @param here this process's evaluator, which scores nothing itself
/// @param search the command line, which each process parses again
/// @param models where a process may make a model that has to be scored from a folder
record ClusterEvaluator(
        Evaluator here, Cluster cluster, SearchCommandLine search, Path models, Console console)
        implements Evaluator {
    @Override
    public String description() {
        return here.description();
    }

    /// The process that scores a model makes it.
    @Override
    public boolean readsFolder() {
        return false;
    }

    @Override
    public boolean hasHeldOut() {
        return here.hasHeldOut();
    }

    @Override
    public void check(MergePlan plan) {
        here.check(plan);
    }

    @Override
    public Map<String, Score> evaluate(Trial trial) throws EvaluationException {
        ScoreJob job =
                new ScoreJob(
                        String.valueOf(trial.out().getFileName()),
                        search,
                        new SharedPlan(
                                search.workingDirectory(), search.cache(), trial.plan().toJson()),
                        trial.out().toAbsolutePath().toString(),
                        models.resolve(UUID.randomUUID().toString()).toString(),
                        trial.split(),
                        trial.slot(),
                        trial.timeout().orElse(null));
        return cluster.run(List.of(job), new Notes(console)).getFirst().scores();
    }

    private record Notes(Console console) implements Cluster.Watcher {
        @Override
        public void finished(int job) {}

        @Override
        public void note(String line) {
            console.info(line);
        }
    }

    @Override
    public void close() {
        try (here) {
            cluster.close();
        }
    }
}
