package jmergekit.planner;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jmergekit.plan.Source;
import jmergekit.plan.TensorTask;
import jmergekit.tensor.DType;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.TensorEntry;

/// The tensors of a model that another plan makes, in the place of a file's header.
///
/// They are made in float32, so that a merge of merges rounds once; their dtype is still the one that
/// the recipe asks for, and decides that of the output.
final class NestedHeader implements SourceHeader {
    private final String name;
    private final Map<String, Source.Made> sources = new HashMap<>();
    private final List<TensorEntry> entries;

    /// @param name what messages call the model
    NestedHeader(String name, List<TensorTask> tasks) {
        this.name = name;
        this.entries = tasks.stream().map(t -> new TensorEntry(t.output(), 0)).toList();
        // Each task is one object, in however many tensors it takes part.
        tasks.forEach(t ->
                sources.put(t.output().name(), new Source.Made(inFloat32(t), t.output().dtype())));
    }

    @Override
    public Source source(String tensor) {
        return sources.get(tensor);
    }

    // What a stored tensor is copied to is as exact as it can be.
    private static TensorTask inFloat32(TensorTask task) {
        TensorSpec output = task.output();
        boolean rounds = output.dtype().isFloat() && output.dtype() != DType.F64;
        return rounds && !task.keepsStored()
                ? new TensorTask(
                        new TensorSpec(output.name(), DType.F32, output.shape()),
                        task.inputs(),
                        task.work())
                : task;
    }

    @Override
    public String label() {
        return name;
    }

    @Override
    public List<TensorEntry> entries() {
        return entries;
    }
}
