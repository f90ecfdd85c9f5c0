package jmergekit.plan;

import java.util.List;
import java.util.Optional;
import jmergekit.config.MergeConfig;
import jmergekit.method.MergeMethod;
import jmergekit.model.ModelFolder;
import jmergekit.model.ModelReference;
import jmergekit.primitive.Combination.WeightedSum;
import jmergekit.primitive.Primitives;
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
/// @param leftOut the tensors of the models that the recipe takes no part of
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
        List<String> notes,
        List<LeftOut> leftOut)
        implements RunPlan {
    public MergePlan {
        models = List.copyOf(models);
        tasks = List.copyOf(tasks);
        notes = List.copyOf(notes);
        leftOut = List.copyOf(leftOut);
    }

    /// The model whose files besides the weights the output gets.
    public ModelFolder donorModel() {
        return models.get(donor);
    }

    @Override
    public void make(TensorTask task, Primitives primitives) {
        switch (task.work()) {
            case MERGE -> method.merge(task.input(seed), primitives);
            case COPY -> primitives.combine(new WeightedSum(new double[] {1}));
        }
    }
}
