package jmergekit.cli;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import jmergekit.Listener;
import jmergekit.MergeProblem;
import jmergekit.problem.Printable;
import jmergekit.problem.Severity;

/// Reports warnings about the models and merges of a search, each only once rather than once per
/// candidate.
final class EvolveListener implements Listener {
    private final Console console;
    private final boolean quiet;
    private final boolean ofGenome;
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    /// @param ofGenome whether the search file has a mergekit genome, which sets `int8_mask` even
    ///     for methods without it
    EvolveListener(Console console, boolean quiet, boolean ofGenome) {
        this.console = console;
        this.quiet = quiet;
        this.ofGenome = ofGenome;
    }

    @Override
    public void note(String line) {
        if (!quiet) {
            console.info(Printable.of(line));
        }
    }

    @Override
    public void warning(MergeProblem problem) {
        boolean isOfForm = ofGenome && problem.what().contains("'int8_mask'");
        if (!isOfForm && said.add(problem.report())) {
            console.report(Severity.WARNING, problem);
        }
    }
}
