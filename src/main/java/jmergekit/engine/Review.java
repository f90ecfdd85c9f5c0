package jmergekit.engine;

import java.util.List;
import jmergekit.publish.OutputFile;

/// Looks at what a run found in the numbers, when all tensors are written and nothing is published.
public interface Review {
    /// The files to publish. Throws a [jmergekit.problem.MergeException] to publish nothing.
    ///
    /// @param planned the files besides the weights
    List<OutputFile> files(NonFiniteReport found, List<OutputFile> planned);
}
