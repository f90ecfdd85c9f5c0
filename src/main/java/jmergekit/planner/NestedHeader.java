package jmergekit.planner;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jmergekit.plan.Source;
import jmergekit.plan.TensorTask;
import jmergekit.weights.TensorEntry;

/// The tensors of a model that another plan makes, in place of a file's header.
///
/// They are made in float32, so that a merge of merges is rounded only once. Their declared dtype
/// is that of the recipe, and determines the dtype of the output.
final class NestedHeader implements SourceHeader {
    private final String name;
    private final Map<String, Source.Made> sources = new HashMap<>();
    private final List<TensorEntry> entries;

    /// @param name the model's name in messages
    NestedHeader(String name, List<TensorTask> tasks) {
        this.name = name;
        this.entries = tasks.stream().map(t -> new TensorEntry(t.output(), 0)).toList();
        // Each task is one object, however many tensors use it.
        tasks.forEach(t ->
                sources.put(t.output().name(), new Source.Made(t.inFloat32(), t.output().dtype())));
    }

    @Override
    public Source source(String tensor) {
        return sources.get(tensor);
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
