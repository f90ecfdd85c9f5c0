package jmergekit.planner;

import java.util.List;
import java.util.Optional;
import jmergekit.config.MergeConfig;
import jmergekit.method.MergeMethod;
import jmergekit.model.LooseWeights;
import jmergekit.model.ModelReference;
import jmergekit.plan.TensorTask;
import jmergekit.shards.ShardLayout;

/// What a recipe for models of loose tensors comes to. Immutable.
///
/// @param models in order of appearance, the base model first
/// @param base the base model's reference, if the recipe has one
/// @param tasks the output tensors in output order
/// @param shards where they go, with the metadata of the first model
/// @param seed of random methods
/// @param notes where tensors were found, in words
/// @param leftOut the tensors that nothing of the output is made from
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

    /// What messages and listings call the models, by number.
    public List<String> labels() {
        return models.stream().map(m -> m.reference().toString()).toList();
    }

    /// What becomes of all tensors.
    public TensorCounts counts() {
        return TensorCounts.of(tasks, leftOut, labels());
    }
}
