package jmergekit.conformance;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import jmergekit.conformance.Outcome.Verdict;

/// Prints how a run of the corpus went.
final class Report {
    private static final int FEW = 5;

    private final PrintWriter out;
    private final boolean verbose;

    Report(PrintWriter out, boolean verbose) {
        this.out = out;
        this.verbose = verbose;
    }

    /// A table by family, then failures with their reasons, then what is left for later.
    void print(List<Outcome> outcomes) {
        printTable(outcomes);
        for (Outcome outcome : outcomes) {
            if (outcome.verdict() == Verdict.FAILED) {
                out.println();
                out.println("failed: " + outcome.theCase().id() + "  (" + shows(outcome) + ")");
                printReasons(outcome);
            }
        }
        for (Outcome outcome : outcomes) {
            if (outcome.verdict() == Verdict.PASSED && !outcome.reasons().isEmpty()) {
                out.println();
                out.println("passed: " + outcome.theCase().id());
                printReasons(outcome);
            }
        }
        printLater(outcomes);
        out.flush();
    }

    private static String shows(Outcome outcome) {
        return outcome.theCase().definition().path("shows").asString("");
    }

    private void printTable(List<Outcome> outcomes) {
        SortedMap<String, Map<Verdict, Integer>> families = new TreeMap<>();
        Map<Verdict, Integer> total = new EnumMap<>(Verdict.class);
        for (Outcome outcome : outcomes) {
            families.computeIfAbsent(
                            outcome.theCase().family(), name -> new EnumMap<>(Verdict.class))
                    .merge(outcome.verdict(), 1, Integer::sum);
            total.merge(outcome.verdict(), 1, Integer::sum);
        }
        out.printf("%-14s %7s %7s %7s %7s%n", "family", "passed", "failed", "later", "not run");
        families.forEach(this::printRow);
        printRow("total", total);
    }

    private void printRow(String name, Map<Verdict, Integer> counts) {
        out.printf("%-14s", name);
        for (Verdict verdict : Verdict.values()) {
            out.printf(" %7d", counts.getOrDefault(verdict, 0));
        }
        out.println();
    }

    private void printReasons(Outcome outcome) {
        List<String> reasons = outcome.reasons();
        int shown = verbose ? reasons.size() : Math.min(FEW, reasons.size());
        reasons.subList(0, shown).forEach(reason -> out.println("    " + reason));
        if (shown < reasons.size()) {
            out.printf("    and %d more%n", reasons.size() - shown);
        }
    }

    private void printLater(List<Outcome> outcomes) {
        SortedMap<String, List<String>> features = new TreeMap<>();
        for (Outcome outcome : outcomes) {
            if (outcome.verdict() == Verdict.LATER) {
                features.computeIfAbsent(outcome.reasons().getFirst(), name -> new ArrayList<>())
                        .add(outcome.theCase().id());
            }
        }
        features.forEach((feature, cases) -> {
            out.println();
            out.printf("later, %s (%d):%n", feature, cases.size());
            cases.forEach(id -> out.println("    " + id));
        });
    }
}
