package jmergekit.plan;

import java.util.List;
import jmergekit.method.MergeInput;
import jmergekit.method.Parameters;
import jmergekit.primitive.Scratch;
import jmergekit.tensor.TensorSpec;

/// How one output tensor is made.
///
/// @param output its name, dtype and shape
/// @param sources at least one, unless the plan generates them
/// @param base which source is the base model's, or [jmergekit.primitive.Primitives#NO_BASE]
/// @param parameters the values for this tensor
/// @param work whether a merge method makes it
public record TensorTask(
        TensorSpec output, List<TensorSource> sources, int base, Parameters parameters, Work work) {

    /// What happens to the sources.
    public enum Work {
        /// They are merged, as the plan says.
        MERGE,
        /// The only source is copied: integers are not weights, and have no average.
        COPY
    }

    public TensorTask {
        sources = List.copyOf(sources);
    }

    /// What the merge method is told.
    ///
    /// @param seed of random methods
    public MergeInput input(long seed) {
        List<Integer> models = sources.stream().map(TensorSource::model).toList();
        return new MergeInput(output.name(), output.shape(), models, base, seed, parameters);
    }

    /// Bytes of memory that a thread works with, and that the adapters of the sources take.
    long memory() {
        return Scratch.bytes(sources.size())
                + sources.stream().mapToLong(TensorSource::memoryOfAdapters).sum();
    }
}
