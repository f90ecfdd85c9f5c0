package jmergekit.method;

import jmergekit.primitive.Primitives;

/// A method that measures all tensors of the output before it merges the first, so that a tensor's
/// result can depend on others: those of its layer, or all of them.
///
/// Tensors that are copied, and tensors of modules that are kept unchanged, are not measured. A run
/// that makes a part of the output measures only what that part needs, with the same results. A
/// measurement must therefore depend only on its arguments.
public interface PreparedMethod extends MergeMethod {
    /// The key of the group whose statistics a tensor gets. Tensors with equal keys form a group:
    /// `""` for all tensors makes the output one group, and [Statistics#layerOf] makes one group
    /// per layer.
    String group(MergeInput input);

    /// Measures one tensor, using primitives that only read; [Primitives#combine] must not be
    /// called.
    double[] measure(MergeInput input, Primitives primitives);

    /// Merges one tensor, with the statistics of its group in [MergeInput#statistics].
    @Override
    void merge(MergeInput input, Primitives primitives);
}
