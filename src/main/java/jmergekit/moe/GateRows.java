package jmergekit.moe;

import java.util.List;
import java.util.Map;
import jmergekit.engine.InputTensors;

/// How the rows of gates are found.
interface GateRows {
    /// The values of each gate, (experts, hidden) in row-major order, by name.
    Map<String, float[]> of(List<GateTask> gates, InputTensors inputs);
}
