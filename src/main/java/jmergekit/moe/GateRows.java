package jmergekit.moe;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jmergekit.engine.InputTensors;
import jmergekit.plan.TaskInput;

/// How the rows of gates are found.
interface GateRows {
    /// The tensors that are read for them.
    Stream<TaskInput> sources();

    /// The values of each gate, (experts, hidden) in row-major order, by name.
    Map<String, float[]> of(List<GateTask> gates, InputTensors inputs);
}
