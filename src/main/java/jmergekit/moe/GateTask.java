package jmergekit.moe;

/// A tensor whose rows are the answers to prompts, one row for each expert.
///
/// @param layer whose input the gate sees
/// @param shared whether it is the gate of the shared expert, not the one that chooses experts
record GateTask(String tensor, int layer, boolean shared) {}
