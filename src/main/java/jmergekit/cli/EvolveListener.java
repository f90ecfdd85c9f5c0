package jmergekit.cli;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import jmergekit.Listener;
import jmergekit.MergeProblem;
import jmergekit.problem.Printable;

/// Reports what is odd about the models and merges of a search: each thing once, not for every candidate
/// anew.
final class EvolveListener implements Listener {
    private final Console console;
    private final boolean quiet;
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    EvolveListener(Console console, boolean quiet) {
        this.console = console;
        this.quiet = quiet;
    }

    @Override
    public void note(String line) {
        if (!quiet) {
            console.info(Printable.of(line));
        }
    }

    @Override
    public void warning(MergeProblem problem) {
        // The form of mergekit's genomes has it for every method.
        boolean isOfForm = problem.what().contains("'int8_mask'");
        if (!isOfForm && said.add(problem.report())) {
            console.info("warning: " + problem.report());
        }
    }
}
