package jmergekit.method;

import jmergekit.primitive.Primitives;

/// A method that measures all tensors of the output before it merges the first, so that what becomes
/// of one can depend on others: those of its layer, or all of them.
///
/// Tensors that are copied, and those of modules that are kept as they are, are not measured. A run
/// that makes a part of the output measures what that part needs, and gets the same; so a
/// measurement must depend on its arguments alone.
public interface PreparedMethod extends MergeMethod {
    /// The group whose statistics a tensor gets: those of tensors with an equal text. `""` for all
    /// tensors makes the output one group, [Statistics#layerOf] a group of each layer.
    String group(MergeInput input);

    /// Measures one tensor, through primitives that read; [Primitives#combine] must not be called.
    double[] measure(MergeInput input, Primitives primitives);

    /// Merges one tensor; [MergeInput#statistics] are those of its group.
    @Override
    void merge(MergeInput input, Primitives primitives);
}
