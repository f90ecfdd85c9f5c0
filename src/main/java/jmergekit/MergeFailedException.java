package jmergekit;

import java.io.Serial;
import java.util.List;
import jmergekit.problem.MergeException;
import jmergekit.threads.Cancellation;
import org.jspecify.annotations.Nullable;

/// A recipe, a model or an output was refused. Carries everything that is wrong, not only the first.
public final class MergeFailedException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    private final transient @Nullable List<MergeProblem> problems;

    private MergeFailedException(MergeException cause) {
        super(cause.getMessage(), cause);
        this.problems = cause.problems().stream().map(MergeProblem::of).toList();
    }

    /// What is wrong, warnings included, in the order found. Of an exception that was serialised only the
    /// message is left.
    public List<MergeProblem> problems() {
        return problems == null ? List.of() : problems;
    }

    /// Something that the rooms below do, which throw exceptions of their own.
    interface Work<T> {
        T run();
    }

    /// Does it, and throws the exceptions of this package.
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
