package jmergekit.planner;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jmergekit.plan.Source;
import jmergekit.weights.TensorEntry;

/// The [ViewedTensor]s of a model, in place of a file's header.
final class ViewHeader implements SourceHeader {
    private final String label;
    private final Map<String, ViewedTensor> tensors = new HashMap<>();
    private final Map<String, List<String>> stored = new HashMap<>();
    private final List<TensorEntry> entries;

    /// @param label the model's name in messages
    /// @param stored by name, the names in files of the tensors that each one replaces
    ViewHeader(String label, Collection<ViewedTensor> views, Map<String, List<String>> stored) {
        this.label = label;
        this.entries = views.stream().map(v -> new TensorEntry(v.spec(), 0)).toList();
        views.forEach(v -> tensors.put(v.name(), v));
        this.stored.putAll(stored);
    }

    @Override
    public Source source(String tensor) {
        return tensors.get(tensor).source();
    }

    /// The names in files of the tensors that a tensor replaces.
    List<String> stored(String tensor) {
        return stored.get(tensor);
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public List<TensorEntry> entries() {
        return entries;
    }
}
