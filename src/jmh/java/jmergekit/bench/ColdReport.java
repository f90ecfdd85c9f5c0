package jmergekit.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/// Prints how merges compare with reading from the disk, as Markdown.
final class ColdReport {
    private final PrintStream out;
    private final Report report;
    private final Verdicts verdicts;
    private final boolean busy;
    private boolean begun;

    /// @param busy whether another process uses the disk at the same time
    ColdReport(PrintStream out, Report report, Verdicts verdicts, boolean busy) {
        this.out = out;
        this.report = report;
        this.verdicts = verdicts;
        this.busy = busy;
    }

    /// A row for a method, with medians unless the column says otherwise.
    void method(Scenario scenario, Workspace workspace, List<ColdRound> rounds) {
        if (!begun) {
            begun = true;
            out.println();
            out.println(
                    "| method | read | written | `cat`, cold | parallel read, cold | merge, cold"
                            + " | merge, cached | ratio, best | ratio, median | target"
                            + " | peak anonymous memory |");
            out.println("|---|--:|--:|--:|--:|--:|--:|--:|--:|---|---|");
        }
        Optional<String> failure = rounds.getLast().failure();
        if (failure.isPresent()) {
            verdicts.fail();
            out.printf("| %s | %s |%n", scenario.name(), failure.get());
            return;
        }
        double ratio = Report.median(rounds, ColdRound::ratio);
        long peak = rounds.stream().mapToLong(r -> r.merge().peakBytes()).max().orElseThrow();
        out.printf(
                "| %s | %s | %s | %.2f s | %.2f s | %.2f s | %s | %.2f× | %.2f× | %s | %s |%n",
                scenario.name(),
                Report.gigabytes(scenario.readBytes(workspace.models().shape())),
                Report.gigabytes(scenario.outputBytes(workspace.models().shape())),
                Report.median(rounds, ColdRound::catSeconds),
                Report.median(rounds, ColdRound::readSeconds),
                Report.median(rounds, r -> r.merge().seconds()),
                cached(rounds),
                rounds.stream().mapToDouble(ColdRound::ratio).min().orElseThrow(),
                ratio,
                ColdTarget.of(scenario, busy)
                        .map(target -> verdicts.of(target.toString(), target.met(ratio)))
                        .orElse("-"),
                report.memory(peak));
        out.flush();
    }

    private static String cached(List<ColdRound> rounds) {
        List<MergeRun> runs = rounds.stream().flatMap(r -> r.cached().stream()).toList();
        return runs.isEmpty() ? "-" : "%.2f s".formatted(Report.median(runs, MergeRun::seconds));
    }
}
