package jmergekit.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/// Prints how merges scale with the number of threads, as Markdown.
final class CoreReport {
    private static final int TARGET_CORES = 16;
    private static final double TARGET = 9;
    private static final List<String> WITH_TARGET = List.of("ties", "della");

    private final PrintStream out;
    private final Report report;
    private final Verdicts verdicts;
    private final List<Integer> threads;
    private boolean begun;

    /// @param threads numbers of threads, in ascending order
    CoreReport(PrintStream out, Report report, Verdicts verdicts, List<Integer> threads) {
        this.out = out;
        this.report = report;
        this.verdicts = verdicts;
        this.threads = threads;
    }

    /// A row for each number of threads, with medians unless the column says otherwise.
    void method(Scenario scenario, Workspace workspace, List<CoreMerges.CoreRound> rounds)
            throws IOException {
        if (!begun) {
            begun = true;
            out.println();
            out.println(
                    "| method | read | written | threads | merge, best | merge, median"
                            + " | processor time | speed-up | target | peak anonymous memory |");
            out.println("|---|--:|--:|--:|--:|--:|--:|--:|---|---|");
        }
        Optional<String> failure = rounds.getLast().failure();
        if (failure.isPresent()) {
            verdicts.fail();
            out.printf("| %s | %s |%n", scenario.name(), failure.get());
            return;
        }
        long read = Workspace.bytes(workspace.weightFiles(workspace.models(), scenario.models()));
        double alone = Report.median(runs(rounds, 0), MergeRun::seconds);
        for (int i = 0; i < threads.size(); i++) {
            List<MergeRun> runs = runs(rounds, i);
            double seconds = Report.median(runs, MergeRun::seconds);
            out.printf(
                    "| %s | %s | %s in %d files | %d | %.2f s | %.2f s | %.1f s | %.2f× | %s | %s"
                            + " |%n",
                    scenario.name(),
                    Report.gigabytes(read),
                    Report.gigabytes(scenario.outputBytes(workspace.models().shape())),
                    rounds.getLast().files(),
                    threads.get(i),
                    runs.stream().mapToDouble(MergeRun::seconds).min().orElseThrow(),
                    seconds,
                    Report.median(runs, r -> r.process().processorSeconds()),
                    alone / seconds,
                    target(scenario, threads.get(i), alone / seconds),
                    report.memory(
                            runs.stream().mapToLong(MergeRun::peakBytes).max().orElseThrow()));
        }
        out.flush();
    }

    private static List<MergeRun> runs(List<CoreMerges.CoreRound> rounds, int index) {
        return rounds.stream().map(round -> round.merges().get(index)).toList();
    }

    /// There is no target for fewer cores than the target specifies.
    private String target(Scenario scenario, int count, double speedUp) {
        if (!WITH_TARGET.contains(scenario.name())
                || threads.getFirst() != 1
                || count < TARGET_CORES) {
            return "-";
        }
        return verdicts.of("%.0f×".formatted(TARGET), speedUp >= TARGET);
    }
}
