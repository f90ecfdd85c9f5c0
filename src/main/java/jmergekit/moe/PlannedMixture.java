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

/// The plan for a recipe of a mixture; the rows of its gates are computed before the tensors are
/// made.
///
/// @param family the output's architecture, as recipes name it
/// @param dtype of all floating-point tensors
/// @param models the base model first
/// @param nested the recipes that make some of the models
/// @param gates the tensors that need rows
/// @param gateRows computes the rows
/// @param configJson the output's config.json
/// @param seed for random gates and noise
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

    /// The model that provides the output's attention, embeddings, tokenizer and other files.
    public ModelFolder base() {
        return models.getFirst();
    }

    /// The models that are read, like [PlannedMerge#inputs()].
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
