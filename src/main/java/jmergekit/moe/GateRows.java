package jmergekit.moe;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jmergekit.engine.InputTensors;
import jmergekit.plan.TaskInput;

/// Computes the rows of gates.
interface GateRows {
    /// The tensors that are read for this.
    Stream<TaskInput> sources();

    /// The values of each gate, (experts, hidden) in row-major order, by name.
    Map<String, float[]> of(List<GateTask> gates, InputTensors inputs);
}
