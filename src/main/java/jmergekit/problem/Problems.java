package jmergekit.problem;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Collects problems so that a user sees all of them at once. Not thread-safe.
public final class Problems {
    private final Set<Problem> all = new LinkedHashSet<>();

    /// Adds one, unless an equal one is already there.
    public void add(Problem problem) {
        all.add(problem);
    }

    /// Adds what stopped a step, so that the steps beside it can still report theirs.
    public void add(MergeException exception) {
        exception.problems().forEach(this::add);
    }

    /// Adds all that another collector found.
    public void addAll(Problems others) {
        all.addAll(others.all);
    }

    public boolean hasErrors() {
        return all.stream().anyMatch(p -> p.severity() == Severity.ERROR);
    }

    /// In the order found.
    public List<Problem> all() {
        return List.copyOf(all);
    }

    public List<Problem> warnings() {
        return all.stream().filter(p -> p.severity() == Severity.WARNING).toList();
    }

    /// Ends the run with everything found so far if any of it is an error.
    public void throwIfErrors() {
        if (hasErrors()) {
            throw new MergeException(all());
        }
    }
}
