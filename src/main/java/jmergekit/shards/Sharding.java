package jmergekit.shards;

import java.util.List;
import jmergekit.tensor.TensorSpec;

/// How the weights of an output are split into files.
///
/// @param maxBytes the most bytes of tensor data in one file of a model
public record Sharding(ShardFormat format, long maxBytes) {
    /// Splits into safetensors files.
    public static Sharding safetensors(long maxBytes) {
        return new Sharding(ShardFormat.SAFETENSORS, maxBytes);
    }

    /// The files of a model with these tensors.
    public ShardLayout layout(List<TensorSpec> tensors) {
        return ShardLayout.plan(format, tensors, maxBytes);
    }

    /// The one file of an adapter.
    public ShardLayout adapter(List<TensorSpec> tensors) {
        return ShardLayout.adapter(format, tensors);
    }
}
