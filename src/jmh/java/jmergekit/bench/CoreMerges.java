package jmergekit.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Times the same merges with different numbers of threads.
final class CoreMerges {
    private final Workspace workspace;
    private final Merges merges;
    private final List<Integer> threads;

    /// @param threads numbers of threads, in ascending order
    CoreMerges(Workspace workspace, Merges merges, List<Integer> threads) {
        this.workspace = workspace;
        this.merges = merges;
        this.threads = threads;
    }

    /// The merges of one round, in the order of the thread counts.
    ///
    /// @param files of the output
    record CoreRound(List<MergeRun> merges, int files) {
        Optional<String> failure() {
            return merges.getLast().failure();
        }
    }

    /// Times a scenario several times; stops at the first merge that fails.
    List<CoreRound> rounds(Scenario scenario, int count) throws IOException, InterruptedException {
        Merges.settle();
        ParallelRead.of(workspace.weightFiles(workspace.models(), scenario.models()));
        // The first output may use memory that a virtual machine's host has not provided yet.
        List<CoreRound> rounds = new ArrayList<>();
        CoreRound warmUp = round(scenario, List.of(threads.getLast()));
        if (warmUp.failure().isPresent()) {
            return List.of(warmUp);
        }
        for (int i = 1; i <= count; i++) {
            CoreRound round = round(scenario, threads);
            rounds.add(round);
            if (round.failure().isPresent()) {
                break;
            }
            Progress.say("%s, round %d: %s", scenario.name(), i, text(round));
        }
        merges.discard(scenario.name());
        return rounds;
    }

    private CoreRound round(Scenario scenario, List<Integer> counts)
            throws IOException, InterruptedException {
        ModelSet models = workspace.models();
        long bytes = scenario.outputBytes(models.shape());
        List<MergeRun> runs = new ArrayList<>();
        for (int count : counts) {
            workspace.delete(workspace.output(scenario.name()));
            Merges.settle();
            MergeRun run =
                    merges.unsynced(
                            scenario,
                            "--num-threads=" + count,
                            "--out-shard-size=" + shardMegabytes(bytes, models) + "M");
            runs.add(run);
            if (run.failed()) {
                break;
            }
        }
        int files = Workspace.weightFiles(workspace.output(scenario.name())).size();
        return new CoreRound(runs, files);
    }

    /// Slightly more than an equal share, since no file is filled exactly.
    private static long shardMegabytes(long bytes, ModelSet models) {
        return Math.ceilDiv(
                bytes * 105 / 100, models.shards(ModelSet.MODELS.getFirst()) * 1_000_000L);
    }

    private String text(CoreRound round) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < threads.size(); i++) {
            MergeRun run = round.merges().get(i);
            texts.add("-j %d %.2f s".formatted(threads.get(i), run.seconds()));
        }
        return String.join(", ", texts);
    }
}
