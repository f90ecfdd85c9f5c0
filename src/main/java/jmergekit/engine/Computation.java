package jmergekit.engine;

import java.util.Map;
import java.util.stream.Stream;
import jmergekit.plan.Source;
import jmergekit.plan.Values;

/// Computes the values of [Source.Computed] before the tensors of a plan are made.
public interface Computation {
    /// The tensors that are read for it.
    Stream<Source> sources();

    /// The values by name of the tensor.
    Map<String, Values> values(InputTensors inputs);
}
