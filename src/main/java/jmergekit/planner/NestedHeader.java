package jmergekit.planner;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jmergekit.plan.Source;
import jmergekit.plan.TensorTask;
import jmergekit.weights.TensorEntry;
import jmergekit.weights.WeightHeader;

/// The tensors of a model that another plan makes, in the place of a file's header.
final class NestedHeader implements WeightHeader {
    private final String name;
    private final Map<String, TensorTask> tasks = new HashMap<>();
    private final List<TensorEntry> entries;

    /// @param name what messages call the model
    NestedHeader(String name, List<TensorTask> tasks) {
        this.name = name;
        this.entries = tasks.stream().map(t -> new TensorEntry(t.output(), 0)).toList();
        tasks.forEach(t -> this.tasks.put(t.output().name(), t));
    }

    Source source(String tensor) {
        return new Source.Made(tasks.get(tensor));
    }

    @Override
    public Path file() {
        return Path.of(name);
    }

    @Override
    public long fileSize() {
        return 0;
    }

    @Override
    public List<TensorEntry> entries() {
        return entries;
    }
}
