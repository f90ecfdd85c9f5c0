package jmergekit.planner;

import java.util.List;
import jmergekit.plan.Source;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;

/// A tensor of a model that is made of others while it is read: packed weights as the numbers that
/// they stand for, or an expert's part of a tensor of all experts.
///
/// @param name in the output's style
/// @param source what it is made of, in its shape
/// @param replaced the tensors that it takes the place of, by their names in the output's style; some
///     may be replaced by several such tensors together
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
