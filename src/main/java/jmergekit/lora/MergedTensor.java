package jmergekit.lora;

import java.util.List;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.TensorLocation;

/// A tensor of the merged adapter and what it is put together from.
public record MergedTensor(TensorSpec spec, Way way, List<Part> parts) {
    /// How the parts are put together.
    public enum Way {
        /// On top of each other, as they are: the factors `A`.
        STACKED,
        /// Beside each other, each multiplied by its factor: the factors `B`.
        JOINED,
        /// Added up, each multiplied by its factor.
        SUMMED
    }

    /// A tensor of one adapter.
    ///
    /// @param input index into [AdapterMergePlan#inputs]
    public record Part(int input, TensorLocation tensor, double factor) {}

    public MergedTensor {
        parts = List.copyOf(parts);
    }
}
