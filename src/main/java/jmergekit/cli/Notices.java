package jmergekit.cli;

import java.util.HashSet;
import java.util.Set;
import jmergekit.problem.Problem;

/// Reports each warning of a command once, since planning a stage twice raises the same warnings.
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
