package jmergekit.plan;

import jmergekit.tensor.TensorSpec;
import jmergekit.weights.TensorLocation;

/// Where one input of an output tensor comes from.
///
/// @param model index into [MergePlan#models]
/// @param location in that model's files
/// @param elements how many elements take part, from the first one on
public record TensorSource(int model, TensorLocation location, long elements) {
    public TensorSpec spec() {
        return location.entry().spec();
    }
}
