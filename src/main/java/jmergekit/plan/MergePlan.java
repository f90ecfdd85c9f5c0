package jmergekit.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import jmergekit.config.MergeConfig;
import jmergekit.method.MergeMethod;
import jmergekit.model.ModelFolder;
import jmergekit.model.ModelReference;
import jmergekit.safetensors.ShardLayout;

/// Everything a merge will do, decided before a tensor is read. Immutable.
///
/// @param models every model of the recipe, in order of appearance, the base model first
/// @param base the base model's reference, if the recipe has one
/// @param donor index of the model whose config.json, tokenizer and other files the output gets
/// @param tasks the output tensors in output order
/// @param shards where they go
/// @param seed of random methods
/// @param tokenizer that of the output, if it is not just the donor's
/// @param notes what was made of names and parts of models, in words
public record MergePlan(
        MergeConfig config,
        MergeMethod method,
        List<ModelFolder> models,
        Optional<ModelReference> base,
        int donor,
        List<TensorTask> tasks,
        ShardLayout shards,
        ConfigChanges configChanges,
        long seed,
        Optional<TokenizerPlan> tokenizer,
        List<String> notes) {
    public MergePlan {
        models = List.copyOf(models);
        tasks = List.copyOf(tasks);
        notes = List.copyOf(notes);
    }

    /// The model whose files besides the weights the output gets.
    public ModelFolder donorModel() {
        return models.get(donor);
    }

    /// The files that tensors will be read from.
    public Set<Path> inputFiles() {
        return tasks.stream()
                .flatMap(t -> t.sources().stream())
                .flatMap(TensorSource::locations)
                .map(l -> l.header().file())
                .collect(Collectors.toSet());
    }

    /// Bytes of tensor data that will be read, each source once.
    public long inputBytes() {
        return tasks.stream()
                .flatMap(t -> t.sources().stream())
                .mapToLong(s -> s.elements() * s.spec().dtype().bytes())
                .sum();
    }

    /// Most bytes of working memory that one thread takes.
    public long memoryOfThread() {
        return tasks.stream().mapToLong(TensorTask::memory).max().orElse(0);
    }

    /// Bytes of tensor data that will be written.
    public long outputBytes() {
        return tasks.stream().mapToLong(t -> t.output().bytes()).sum();
    }
}
