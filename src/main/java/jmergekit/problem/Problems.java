package jmergekit.problem;

import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Collects problems so that a user sees all of them at once. Not thread-safe.
public final class Problems {
    private final Set<Problem> all = new LinkedHashSet<>();
    private final Set<Problem> besideTheRest = new HashSet<>();

    /// Adds one, unless an equal one is already there.
    public void add(Problem problem) {
        all.add(problem);
    }

    /// Adds one that keeps nothing else from being checked.
    public void addBesideTheRest(Problem problem) {
        all.add(problem);
        besideTheRest.add(problem);
    }

    /// Adds what stopped a step, so that the steps beside it can still report theirs.
    public void add(MergeException exception) {
        exception.problems().forEach(this::add);
    }

    /// Adds all that another collector found.
    public void addAll(Problems others) {
        all.addAll(others.all);
        besideTheRest.addAll(others.besideTheRest);
    }

    /// The same in another order.
    public Problems sorted(Comparator<Problem> order) {
        Problems sorted = new Problems();
        all.stream().sorted(order).forEach(sorted.all::add);
        sorted.besideTheRest.addAll(besideTheRest);
        return sorted;
    }

    public boolean hasErrors() {
        return all.stream().anyMatch(p -> p.severity() == Severity.ERROR);
    }

    /// Whether there is an error that ends a run with this code.
    public boolean hasErrors(ExitCode code) {
        return !errors(code).isEmpty();
    }

    /// The errors that end a run with this code.
    public List<Problem> errors(ExitCode code) {
        return all.stream()
                .filter(p -> p.severity() == Severity.ERROR && p.exitCode() == code)
                .toList();
    }

    /// Whether there is an error that keeps something else from being checked.
    public boolean hideSomething() {
        return all.stream()
                .anyMatch(p -> p.severity() == Severity.ERROR && !besideTheRest.contains(p));
    }

    /// In the order found.
    public List<Problem> all() {
        return List.copyOf(all);
    }

    public List<Problem> warnings() {
        return all.stream().filter(p -> p.severity() == Severity.WARNING).toList();
    }

    /// Makes errors of all warnings.
    public void refuseWarnings() {
        List<Problem> found = all();
        all.clear();
        found.forEach(p -> all.add(p.severity() == Severity.WARNING ? p.asError() : p));
    }

    /// Ends the run with everything found so far if any of it is an error.
    public void throwIfErrors() {
        if (hasErrors()) {
            throw new MergeException(all());
        }
    }
}
