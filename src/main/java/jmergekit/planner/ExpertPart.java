package jmergekit.planner;

import java.util.List;

/// The matrices of an expert: `down(activation(gate(x)) * up(x))`.
enum ExpertPart {
    GATE,
    UP,
    DOWN;

    /// The parts that a fused layout stores in one tensor.
    static final List<ExpertPart> GATE_UP = List.of(GATE, UP);
}
