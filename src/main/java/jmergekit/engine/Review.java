package jmergekit.engine;

import java.nio.file.Path;
import java.util.List;
import jmergekit.plan.Plan;
import jmergekit.publish.OutputFile;

/// Looks at what a run made, when all tensors are written and nothing is published.
public interface Review {
    /// The files to publish. Throws a [jmergekit.problem.MergeException] to publish nothing.
    ///
    /// @param planned the files besides the weights
    List<OutputFile> files(Findings found, List<OutputFile> planned);

    /// Looks at the folder with all its files. Throws to publish nothing.
    default void finished(Plan plan, Path folder) {}
}
