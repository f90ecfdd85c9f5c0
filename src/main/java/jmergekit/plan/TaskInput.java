package jmergekit.plan;

import java.util.function.UnaryOperator;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;

/// One input of a task.
///
/// @param model the model that the tensor belongs to, an index into [Plan#models]
public record TaskInput(int model, Source source) {
    public TensorSpec spec() {
        return source.spec();
    }

    public DType dtype() {
        return source.dtype();
    }

    public Shape shape() {
        return source.shape();
    }

    public TaskInput map(UnaryOperator<Source> change) {
        return new TaskInput(model, change.apply(source));
    }
}
