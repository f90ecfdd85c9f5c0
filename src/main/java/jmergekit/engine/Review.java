package jmergekit.engine;

import java.nio.file.Path;
import java.util.List;
import jmergekit.plan.Plan;
import jmergekit.publish.OutputFile;

/// Checks what a run made, after all tensors are written and before anything is published.
public interface Review {
    /// The files to publish. Throws a [jmergekit.problem.MergeException] to prevent publication.
    ///
    /// @param planned the files other than the weights
    List<OutputFile> files(Findings found, List<OutputFile> planned);

    /// Checks the folder with all its files. Throws to prevent publication.
    default void finished(Plan plan, Path folder) {}
}
