package jmergekit.problem;

import java.util.List;
import java.util.stream.Collectors;

/// Stops a run for a reason the user can act on; carries every problem found so far.
public final class MergeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public MergeException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public MergeException(Problem problem) {
        this(List.of(problem));
    }

    public MergeException(Problem problem, Throwable cause) {
        this(List.of(problem));
        initCause(cause);
    }

    public List<Problem> problems() {
        return problems;
    }

    /// The exit code of the first error. A recipe error takes precedence over an input error, since
    /// it is found first.
    public ExitCode exitCode() {
        return problems.stream()
                .filter(p -> p.severity() == Severity.ERROR)
                .map(Problem::exitCode)
                .min(ExitCode::compareTo)
                .orElse(ExitCode.BUG);
    }
}
