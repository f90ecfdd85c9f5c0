package jmergekit.engine;

import java.util.Map;
import java.util.stream.Stream;
import jmergekit.plan.Source;
import jmergekit.plan.Values;

/// Computes the values of [Source.Computed] before the tensors of a plan are made.
public interface Computation {
    /// The tensors that the computation reads.
    Stream<Source> sources();

    /// The values, by tensor name.
    Map<String, Values> values(InputTensors inputs);
}
