package jmergekit.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Prints the results as Markdown, each row as soon as it is known.
final class Report {
    private static final long MEMORY_LIMIT = 512L << 20;

    private final PrintStream out;
    private boolean inMethods;
    private boolean inChecks;
    private boolean allMet = true;
    private boolean anyFailed;

    Report(PrintStream out) {
        this.out = out;
    }

    void machine(String line) {
        out.println(line);
    }

    /// A row for a method; medians, unless they say otherwise.
    void method(Scenario scenario, Workspace workspace, List<Round> rounds) throws IOException {
        if (!inMethods) {
            inMethods = true;
            out.println();
            out.println(
                    "| method | read | written | `cat` | `cp` | merge | ratio, best"
                            + " | ratio, median | target | peak anonymous memory |");
            out.println("|---|--:|--:|--:|--:|--:|--:|--:|---|---|");
        }
        MergeRun last = rounds.getLast().merge();
        if (last.failed()) {
            anyFailed = true;
            out.printf("| %s | %s |%n", scenario.name(), last.failure().orElseThrow());
            return;
        }
        double ratio = median(rounds, Round::ratio);
        long peak = rounds.stream().mapToLong(r -> r.merge().peakBytes()).max().orElseThrow();
        long read = Workspace.bytes(workspace.weightFiles(workspace.models(), scenario.models()));
        out.printf(
                "| %s | %s | %s | %.2f s | %.2f s | %.2f s | %.2f× | %.2f× | %s | %s |%n",
                scenario.name(),
                gigabytes(read),
                gigabytes(scenario.outputBytes(workspace.models().shape())),
                median(rounds, Round::catSeconds),
                median(rounds, Round::copySeconds),
                median(rounds, r -> r.merge().seconds()),
                rounds.stream().mapToDouble(Round::ratio).min().orElseThrow(),
                ratio,
                verdict(scenario.target().toString(), scenario.target().met(ratio)),
                mebibytes(peak) + ", " + verdict(mebibytes(MEMORY_LIMIT), peak <= MEMORY_LIMIT));
        out.flush();
    }

    void check(Check check) {
        anyFailed |= check.failed();
        if (!inChecks) {
            inChecks = true;
            out.println();
            out.println("| also | result | target |");
            out.println("|---|---|---|");
        }
        out.printf(
                "| %s | %s | %s |%n",
                check.what(), check.result(), verdict(check.target(), check.met()));
        out.flush();
    }

    private String verdict(String target, boolean met) {
        allMet &= met;
        return "target " + target + ": " + (met ? "met" : "missed");
    }

    boolean allMet() {
        return allMet && !anyFailed;
    }

    boolean anyFailed() {
        return anyFailed;
    }

    static <T> double median(List<T> rounds, ToDoubleFunction<T> value) {
        return median(rounds.stream().mapToDouble(value).toArray());
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    static String gigabytes(long bytes) {
        return "%.1f GB".formatted(bytes * 1e-9);
    }

    static String mebibytes(long bytes) {
        return "%.0f MiB".formatted(bytes * 0x1p-20);
    }
}
