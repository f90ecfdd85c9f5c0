package jmergekit.method;

import java.util.Optional;
import jmergekit.primitive.Primitives;

/// A way to merge the tensors of several models into one. Stateless: the result depends on the
/// arguments alone.
public interface MergeMethod {
    MethodInfo info();

    /// What is wrong with these parameter values, known before any tensor is read; a fragment that
    /// names the parameter. Ranges of single parameters are checked by the planner.
    default Optional<String> violation(MergeInput input) {
        return Optional.empty();
    }

    /// Whether the result is the only source, unchanged, so that any dtype can be passed on as it is.
    default boolean copies(MergeInput input) {
        return false;
    }

    /// For each source how much of its change from a common base goes into the result, if the result
    /// is that base and a sum of such parts; empty if the method looks at single elements.
    default Optional<double[]> changeFactors(MergeInput input) {
        return Optional.empty();
    }

    /// Most bytes that a merge or a measurement of this tensor takes besides the working memory of a thread, which
    /// does not grow with the tensor. The engine runs no more tensors at once than there is memory
    /// for.
    default long memory(MergeInput input) {
        return 0;
    }

    /// Merges one tensor: reads through the primitives and calls [Primitives#combine] once.
    ///
    /// A tensor that only some models have arrives with fewer sources, down to one.
    void merge(MergeInput input, Primitives primitives);
}
