package jmergekit.problem;

import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Collects problems so that the user sees all of them at once. Not thread-safe.
public final class Problems {
    private final Set<Problem> all = new LinkedHashSet<>();
    private final Set<Problem> besideTheRest = new HashSet<>();

    /// Adds a problem, unless an equal one was already added.
    public void add(Problem problem) {
        all.add(problem);
    }

    /// Adds a problem that does not prevent other checks.
    public void addBesideTheRest(Problem problem) {
        all.add(problem);
        besideTheRest.add(problem);
    }

    /// Adds the problems that stopped a step, so that other steps can still report theirs.
    public void add(MergeException exception) {
        exception.problems().forEach(this::add);
    }

    /// Adds all problems from another collector.
    public void addAll(Problems others) {
        all.addAll(others.all);
        besideTheRest.addAll(others.besideTheRest);
    }

    /// The same problems in another order.
    public Problems sorted(Comparator<Problem> order) {
        Problems sorted = new Problems();
        all.stream().sorted(order).forEach(sorted.all::add);
        sorted.besideTheRest.addAll(besideTheRest);
        return sorted;
    }

    public boolean hasErrors() {
        return all.stream().anyMatch(p -> p.severity() == Severity.ERROR);
    }

    /// Whether there is an error with this exit code.
    public boolean hasErrors(ExitCode code) {
        return !errors(code).isEmpty();
    }

    /// The errors with this exit code.
    public List<Problem> errors(ExitCode code) {
        return all.stream()
                .filter(p -> p.severity() == Severity.ERROR && p.exitCode() == code)
                .toList();
    }

    /// Whether there is an error that prevents other checks.
    public boolean hideSomething() {
        return all.stream()
                .anyMatch(p -> p.severity() == Severity.ERROR && !besideTheRest.contains(p));
    }

    /// All problems in the order found.
    public List<Problem> all() {
        return List.copyOf(all);
    }

    public List<Problem> warnings() {
        return all.stream().filter(p -> p.severity() == Severity.WARNING).toList();
    }

    /// Turns all warnings into errors.
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
