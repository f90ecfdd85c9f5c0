package jmergekit.cli;

import java.util.HashSet;
import java.util.Set;
import jmergekit.problem.Problem;

/// Warnings of a command, each said once: what is planned twice is odd in the same way.
final class Notices {
    private final Console console;
    private final Set<String> said = new HashSet<>();

    Notices(Console console) {
        this.console = console;
    }

    void report(Problem problem) {
        if (said.add(problem.toString())) {
            console.report(problem);
        }
    }
}
