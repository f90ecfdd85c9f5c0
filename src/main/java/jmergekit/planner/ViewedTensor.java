package jmergekit.planner;

import java.util.List;
import jmergekit.plan.Source;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;

/// A tensor of a model that is computed from others while it is read: packed weights as the values
/// they stand for, or an expert's part of a fused tensor.
///
/// @param name in the output's style
/// @param source what it is computed from, in its shape
/// @param replaced the tensors that it replaces, by their names in the output's style; some may be
///     replaced by several such tensors together
record ViewedTensor(String name, Source source, List<String> replaced) {
    ViewedTensor {
        replaced = List.copyOf(replaced);
    }

    TensorSpec spec() {
        DType dtype = source.dtype();
        Shape shape = source.shape();
        return new TensorSpec(name, dtype, shape);
    }
}
