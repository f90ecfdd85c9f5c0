package jmergekit.planner;

import java.util.List;
import java.util.Optional;
import jmergekit.config.MergeConfig;
import jmergekit.method.MergeMethod;
import jmergekit.model.LooseWeights;
import jmergekit.model.ModelReference;
import jmergekit.plan.TensorTask;
import jmergekit.shards.ShardLayout;

/// The plan of a recipe for models of loose tensors. Immutable.
///
/// @param models in order of appearance, the base model first
/// @param base the base model's reference, if the recipe has one
/// @param tasks the output tensors in output order
/// @param shards the output files, with the metadata of the first model
/// @param seed of random methods
/// @param notes where tensors were found, in words
/// @param leftOut the tensors that are not used in the output
public record PlannedLooseMerge(
        MergeConfig config,
        MergeMethod method,
        List<LooseWeights> models,
        Optional<ModelReference> base,
        List<TensorTask> tasks,
        ShardLayout shards,
        long seed,
        List<String> notes,
        List<LeftOut> leftOut) {
    public PlannedLooseMerge {
        models = List.copyOf(models);
        tasks = List.copyOf(tasks);
        notes = List.copyOf(notes);
        leftOut = List.copyOf(leftOut);
    }

    /// The models' names in messages and listings, by index.
    public List<String> labels() {
        return models.stream().map(m -> m.reference().toString()).toList();
    }

    /// How many tensors are merged, copied and skipped.
    public TensorCounts counts() {
        return TensorCounts.of(tasks, leftOut, labels());
    }
}
