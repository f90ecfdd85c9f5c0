package jmergekit.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// Prints the results as Markdown, each row as soon as it is known.
final class Report {
    private static final long MEMORY_LIMIT = 512L << 20;

    private final PrintStream out;
    private final Verdicts verdicts;
    private boolean inMethods;
    private boolean inChecks;

    Report(PrintStream out, Verdicts verdicts) {
        this.out = out;
        this.verdicts = verdicts;
    }

    void machine(String line) {
        out.println(line);
    }

    /// A row for a method, with medians unless the column says otherwise.
    void method(Scenario scenario, Workspace workspace, List<Round> rounds) throws IOException {
        if (!inMethods) {
            inMethods = true;
            out.println();
            out.println(
                    "| method | read | written | `cat` | `cp` | merge | ratio, best"
                            + " | ratio, median | target | peak anonymous memory"
                            + " | on the disk: merge, `cp` and `sync` |");
            out.println("|---|--:|--:|--:|--:|--:|--:|--:|---|---|---|");
        }
        Optional<String> failure = rounds.getLast().failure();
        if (failure.isPresent()) {
            verdicts.fail();
            out.printf("| %s | %s |%n", scenario.name(), failure.get());
            return;
        }
        double ratio = median(rounds, Round::ratio);
        long peak = rounds.stream().mapToLong(r -> r.merge().peakBytes()).max().orElseThrow();
        long read = Workspace.bytes(workspace.weightFiles(workspace.models(), scenario.models()));
        out.printf(
                "| %s | %s | %s | %.2f s | %.2f s | %.2f s | %.2f× | %.2f× | %s | %s | %s |%n",
                scenario.name(),
                gigabytes(read),
                gigabytes(scenario.outputBytes(workspace.models().shape())),
                median(rounds, Round::catSeconds),
                median(rounds, Round::copySeconds),
                median(rounds, r -> r.merge().seconds()),
                rounds.stream().mapToDouble(Round::ratio).min().orElseThrow(),
                ratio,
                verdicts.of(scenario.target().toString(), scenario.target().met(ratio)),
                memory(peak),
                onDisk(rounds));
        out.flush();
    }

    /// Peak anonymous memory, for a table.
    String memory(long peak) {
        boolean met = peak <= MEMORY_LIMIT;
        return mebibytes(peak) + ", " + verdicts.of(mebibytes(MEMORY_LIMIT), met);
    }

    /// Medians of runs that wait for the disk; such merges are only compared with copying.
    private static String onDisk(List<Round> rounds) {
        List<Synced> synced = rounds.stream().flatMap(r -> r.synced().stream()).toList();
        if (synced.isEmpty()) {
            return "-";
        }
        return "%.2f s, %.2f s"
                .formatted(
                        median(synced, s -> s.merge().seconds()),
                        median(synced, Synced::copySeconds));
    }

    void check(Check check) {
        if (check.failed()) {
            verdicts.fail();
        }
        if (!inChecks) {
            inChecks = true;
            out.println();
            out.println("| also | result | target |");
            out.println("|---|---|---|");
        }
        out.printf(
                "| %s | %s | %s |%n",
                check.what(), check.result(), verdicts.of(check.target(), check.met()));
        out.flush();
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
