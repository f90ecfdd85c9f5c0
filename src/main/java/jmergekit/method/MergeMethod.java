package jmergekit.method;

import java.util.Optional;
import jmergekit.primitive.Primitives;

/// A way to merge the tensors of several models into one. Stateless: the result depends on the
/// arguments alone.
public interface MergeMethod {
    MethodInfo info();

    /// The method itself, without the steps that a registry adds to it.
    default MergeMethod plain() {
        return this;
    }

    /// What is wrong with these parameter values, checked before any tensor is read; a fragment
    /// that names the parameter. The planner checks the ranges of single parameters.
    default Optional<String> violation(MergeInput input) {
        return Optional.empty();
    }

    /// Whether the result is the only source, unchanged, so that tensors of any dtype can be
    /// copied.
    default boolean copies(MergeInput input) {
        return false;
    }

    /// For each source the factor on its change from a common base, if the result is that base plus
    /// a sum of such terms; empty if the method treats elements individually.
    default Optional<double[]> changeFactors(MergeInput input) {
        return Optional.empty();
    }

    /// The most bytes that a merge or a measurement of this tensor needs in addition to the working
    /// memory of a thread, which does not grow with the tensor. The engine runs only as many
    /// tensors at once as fit in memory.
    default long memory(MergeInput input) {
        return 0;
    }

    /// Merges one tensor: reads through the primitives and calls [Primitives#combine] once.
    ///
    /// A tensor that only some models have arrives with fewer sources, down to one.
    void merge(MergeInput input, Primitives primitives);
}
