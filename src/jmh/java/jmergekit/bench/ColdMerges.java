package jmergekit.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Times merges whose inputs are only on disk.
final class ColdMerges {
    private final Workspace workspace;
    private final Merges merges;
    private final boolean busy;
    private final PageCache pageCache = new PageCache();

    /// @param busy whether another process uses the disk at the same time
    ColdMerges(Workspace workspace, Merges merges, boolean busy) {
        this.workspace = workspace;
        this.merges = merges;
        this.busy = busy;
    }

    /// Times a scenario several times; stops at the first merge that fails.
    List<ColdRound> rounds(Scenario scenario, int count) throws IOException, InterruptedException {
        List<ColdRound> rounds = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            ColdRound round = round(scenario, i % 2 == 0);
            rounds.add(round);
            Progress.say("%s, round %d: %s", scenario.name(), i, round);
            if (round.failure().isPresent()) {
                break;
            }
        }
        merges.discard(scenario.name());
        return rounds;
    }

    /// @param mergeFirst whether the merge comes before the parallel read: a host may cache what a
    ///     virtual machine reads, which helps the second of the two
    private ColdRound round(Scenario scenario, boolean mergeFirst)
            throws IOException, InterruptedException {
        List<Path> inputs = workspace.weightFiles(workspace.models(), scenario.models());
        drop(scenario);
        double cat = TimedRun.command("cat", inputs);
        double read = mergeFirst ? 0 : read(scenario, inputs);
        MergeRun merge = cold(scenario);
        read = mergeFirst ? read(scenario, inputs) : read;
        boolean byCached = ColdTarget.of(scenario, busy).filter(ColdTarget::cached).isPresent();
        Optional<MergeRun> cached = Optional.empty();
        if (byCached && !merge.failed()) {
            cached = Optional.of(cached(scenario, inputs));
        }
        return new ColdRound(cat, read, merge, cached);
    }

    private double read(Scenario scenario, List<Path> inputs)
            throws IOException, InterruptedException {
        drop(scenario);
        return ParallelRead.of(inputs, scenario.readBytes(workspace.models().shape()));
    }

    private MergeRun cold(Scenario scenario) throws IOException, InterruptedException {
        drop(scenario);
        return merges.unsynced(scenario);
    }

    private MergeRun cached(Scenario scenario, List<Path> inputs)
            throws IOException, InterruptedException {
        workspace.delete(workspace.output(scenario.name()));
        ParallelRead.of(inputs);
        Merges.settle();
        return merges.unsynced(scenario);
    }

    /// Also deletes an existing output, which would be in the way of the next one.
    private void drop(Scenario scenario) throws IOException, InterruptedException {
        workspace.delete(workspace.output(scenario.name()));
        pageCache.dropAll(workspace.files(workspace.models(), scenario.models()));
    }
}
