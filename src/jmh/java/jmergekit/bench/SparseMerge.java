package jmergekit.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Times a merge that reads and writes more bytes than fit in memory. Its models are sparse files,
/// so the disk does not have to hold them.
final class SparseMerge {
    private final Workspace workspace;
    private final Merges merges;
    private final PageCache pageCache = new PageCache();
    private final Scenario scenario = Scenario.named("linear");

    SparseMerge(Workspace workspace, Merges merges) {
        this.workspace = workspace;
        this.merges = merges;
    }

    /// @param copySeconds for `cp` of one of the models, and `sync` of the copy
    private record SparseRound(double copySeconds, MergeRun merge) {
        double ratio() {
            return merge.seconds() / copySeconds;
        }
    }

    /// Prints a row for each round.
    void report(PrintStream out, Report report, Verdicts verdicts, int rounds)
            throws IOException, InterruptedException {
        out.println();
        out.println(
                "| sparse | read | written | memory | `cp` and `sync` | merge | ratio"
                        + " | peak anonymous memory |");
        out.println("|---|--:|--:|--:|--:|--:|--:|---|");
        for (int i = 0; i < rounds; i++) {
            SparseRound round = round();
            if (round.merge().failed()) {
                verdicts.fail();
                out.printf("| %s | %s |%n", scenario.name(), round.merge().failure().orElseThrow());
                return;
            }
            out.printf(
                    "| %s | %s | %s | %s | %.1f s | %.1f s | %.2f× | %s |%n",
                    scenario.name(),
                    Report.gigabytes(
                            Workspace.bytes(
                                    workspace.weightFiles(workspace.models(), scenario.models()))),
                    Report.gigabytes(scenario.outputBytes(workspace.models().shape())),
                    Report.gigabytes(Memory.total()),
                    round.copySeconds(),
                    round.merge().seconds(),
                    round.ratio(),
                    report.memory(round.merge().peakBytes()));
            out.flush();
        }
    }

    private SparseRound round() throws IOException, InterruptedException {
        drop();
        double copy = copy();
        Progress.say("cp and sync took %.1f s", copy);
        drop();
        MergeRun run = merges.synced(scenario);
        merges.discard(scenario.name());
        return new SparseRound(copy, run);
    }

    private void drop() throws IOException, InterruptedException {
        workspace.delete(workspace.output(scenario.name()));
        pageCache.dropAll(workspace.files(workspace.models(), scenario.models()));
    }

    private double copy() throws IOException, InterruptedException {
        Path target = workspace.output("copy");
        workspace.delete(target);
        Files.createDirectories(target);
        List<Path> files = new ArrayList<>(workspace.weightFiles(workspace.models(), List.of("a")));
        files.add(target);
        double seconds = TimedRun.command(List.of("cp", "--sparse=never"), files);
        seconds += TimedRun.command(List.of("sync"), Workspace.weightFiles(target));
        workspace.delete(target);
        return seconds;
    }
}
