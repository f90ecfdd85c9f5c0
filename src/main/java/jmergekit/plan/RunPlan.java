package jmergekit.plan;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import jmergekit.model.ModelFolder;
import jmergekit.primitive.Primitives;
import jmergekit.primitive.SourceTensor;
import jmergekit.safetensors.ShardLayout;

/// What a run carries out: the output tensors, where they go, and how each one is made.
public interface RunPlan {
    /// The models whose tensors are read; [TensorSource#model] counts them.
    List<ModelFolder> models();

    /// The output tensors in output order.
    List<TensorTask> tasks();

    /// Where they go.
    ShardLayout shards();

    /// Sources of a tensor that are in no file. They come after those that are.
    default List<SourceTensor> generated(TensorTask task) {
        return List.of();
    }

    /// Makes the tensor of a task, by one call of [Primitives#combine].
    void make(TensorTask task, Primitives primitives);

    /// The tasks of each output file, in the order of their data, by the file's name.
    default Map<String, List<TensorTask>> tasksByFile() {
        Map<String, TensorTask> byName = new HashMap<>();
        tasks().forEach(task -> byName.put(task.output().name(), task));
        Map<String, List<TensorTask>> byFile = new LinkedHashMap<>();
        for (ShardLayout.Shard shard : shards().shards()) {
            byFile.put(
                    shard.fileName(),
                    shard.entries().stream().map(e -> byName.get(e.spec().name())).toList());
        }
        return byFile;
    }

    /// The files that tensors will be read from.
    default Set<Path> inputFiles() {
        return tasks().stream()
                .flatMap(t -> t.sources().stream())
                .flatMap(TensorSource::locations)
                .map(l -> l.header().file())
                .collect(Collectors.toSet());
    }

    /// Bytes of tensor data that will be read, each source once.
    default long inputBytes() {
        return tasks().stream()
                .flatMap(t -> t.sources().stream())
                .mapToLong(s -> s.elements() * s.spec().dtype().bytes())
                .sum();
    }

    /// Most bytes of working memory that one thread takes.
    default long memoryOfThread() {
        return tasks().stream().mapToLong(TensorTask::memory).max().orElse(0);
    }

    /// Bytes of tensor data that will be written.
    default long outputBytes() {
        return tasks().stream().mapToLong(t -> t.output().bytes()).sum();
    }
}
