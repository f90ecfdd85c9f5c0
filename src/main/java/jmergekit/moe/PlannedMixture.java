package jmergekit.moe;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import jmergekit.config.MixtureConfig;
import jmergekit.engine.Computation;
import jmergekit.engine.InputTensors;
import jmergekit.model.ModelFolder;
import jmergekit.model.ModelReference;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Values;
import jmergekit.planner.PlannedMerge;
import jmergekit.shards.ShardLayout;
import jmergekit.tensor.DType;
import tools.jackson.databind.node.ObjectNode;

/// What a recipe of a mixture comes to; the rows of its gates are computed before the tensors are
/// made.
///
/// @param family what recipes call the output's architecture
/// @param dtype of all tensors of floats
/// @param models the base model first
/// @param nested the recipes that make some of the models
/// @param gates the tensors that need rows
/// @param gateRows how the rows are found
/// @param configJson the output's
/// @param seed of random gates and noise
public record PlannedMixture(
        MixtureConfig config,
        String family,
        DType dtype,
        List<ModelFolder> models,
        Map<ModelReference, PlannedMerge> nested,
        List<TensorTask> tasks,
        ShardLayout shards,
        List<GateTask> gates,
        GateRows gateRows,
        ObjectNode configJson,
        long seed)
        implements Computation {
    public PlannedMixture {
        models = List.copyOf(models);
        nested = Map.copyOf(nested);
        tasks = List.copyOf(tasks);
        gates = List.copyOf(gates);
    }

    /// The model whose attention, embeddings, tokenizer and other files the output gets.
    public ModelFolder base() {
        return models.getFirst();
    }

    /// The models that are read, as [PlannedMerge#inputs()].
    public List<ModelFolder> inputs() {
        return PlannedMerge.inputs(models, nested);
    }

    @Override
    public Stream<Source> sources() {
        return gateRows.sources().map(TaskInput::source);
    }

    @Override
    public Map<String, Values> values(InputTensors inputs) {
        Map<String, Values> values = new TreeMap<>();
        gateRows.of(gates, inputs).forEach((name, rows) -> values.put(name, Values.of(rows)));
        return values;
    }
}
