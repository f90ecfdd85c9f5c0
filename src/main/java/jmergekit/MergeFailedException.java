package jmergekit;

import java.io.Serial;
import java.util.List;
import jmergekit.problem.MergeException;
import jmergekit.threads.Cancellation;
import org.jspecify.annotations.Nullable;

/// A recipe, a model or an output was refused. Carries everything that is wrong, not only the first
/// problem.
public final class MergeFailedException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    private final transient @Nullable List<MergeProblem> problems;

    private MergeFailedException(MergeException cause) {
        super(cause.getMessage(), cause);
        this.problems = cause.problems().stream().map(MergeProblem::of).toList();
    }

    /// What is wrong, including warnings, in the order found. After serialisation only the message
    /// is left, and this list is empty.
    public List<MergeProblem> problems() {
        return problems == null ? List.of() : problems;
    }

    /// Work done by internal packages, which throw their own exceptions.
    interface Work<T> {
        T run();
    }

    /// Runs the work and translates its exceptions into those of this package.
    static <T> T translate(Work<T> work) {
        try {
            return work.run();
        } catch (MergeException e) {
            throw new MergeFailedException(e);
        } catch (Cancellation.Cancelled e) {
            throw new MergeCancelledException(e);
        }
    }
}
