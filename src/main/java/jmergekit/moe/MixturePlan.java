package jmergekit.moe;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jmergekit.config.MixtureConfig;
import jmergekit.engine.InputTensors;
import jmergekit.model.ModelFolder;
import jmergekit.plan.RunPlan;
import jmergekit.plan.TensorSource;
import jmergekit.plan.TensorTask;
import jmergekit.primitive.Combination.WeightedSum;
import jmergekit.primitive.Primitives;
import jmergekit.primitive.SourceTensor;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.safetensors.ShardLayout;
import jmergekit.source.ArrayTensor;
import jmergekit.source.NormalNoise;
import jmergekit.tensor.DType;
import jmergekit.tile.CounterRandom;
import jmergekit.tile.TileOps;
import tools.jackson.databind.node.ObjectNode;

/// Everything that making a mixture will do, decided before a tensor is read; only the rows of its
/// gates come later, by [#withGates].
///
/// @param family what recipes call the output's architecture
/// @param dtype of all tensors of floats
/// @param models the base model first
/// @param gates the tasks that need rows
/// @param gateRows how the rows are found
/// @param values what the output tensors hold that have no source, by name
/// @param configJson the output's
/// @param seed of random gates and noise
public record MixturePlan(
        MixtureConfig config,
        String family,
        DType dtype,
        List<ModelFolder> models,
        List<TensorTask> tasks,
        ShardLayout shards,
        List<GateTask> gates,
        GateRows gateRows,
        Map<String, float[]> values,
        ObjectNode configJson,
        long seed)
        implements RunPlan {
    public MixturePlan {
        models = List.copyOf(models);
        tasks = List.copyOf(tasks);
        gates = List.copyOf(gates);
        values = Map.copyOf(values);
    }

    /// The model whose attention, embeddings, tokenizer and other files the output gets.
    public ModelFolder base() {
        return models.getFirst();
    }

    /// The same plan with the rows of the gates, which are computed now.
    public MixturePlan withGates() {
        Map<String, float[]> all = new HashMap<>(values);
        try (InputTensors inputs = new InputTensors(TileOps.best())) {
            all.putAll(rows(inputs));
        }
        return new MixturePlan(
                config,
                family,
                dtype,
                models,
                tasks,
                shards,
                gates,
                gateRows,
                all,
                configJson,
                seed);
    }

    private Map<String, float[]> rows(InputTensors inputs) {
        try {
            return gateRows.of(gates, inputs);
        } catch (InternalError e) {
            // What a mapped file does when somebody shortens it while it is read, or when its disk
            // fails.
            gateRows.sources().forEach(inputs::probe);
            throw new MergeException(
                    Problem.input(
                                    base().reference().toString(),
                                    "a file could not be read while gates were computed")
                            .hint("check the disk, leave the models alone, and start again"),
                    e);
        }
    }

    @Override
    public Set<Path> inputFiles() {
        Set<Path> files = new HashSet<>(RunPlan.super.inputFiles());
        gateRows.sources()
                .flatMap(TensorSource::locations)
                .forEach(location -> files.add(location.header().file()));
        return files;
    }

    @Override
    public List<SourceTensor> generated(TensorTask task) {
        String name = task.output().name();
        long elements = task.output().shape().elements();
        if (task.sources().isEmpty()) {
            return List.of(new ArrayTensor(values.get(name)));
        }
        return task.parameters().global().containsKey(MixtureTensors.NOISE_SCALE)
                ? List.of(new NormalNoise(CounterRandom.key(seed, name, 0), elements))
                : List.of();
    }

    @Override
    public void make(TensorTask task, Primitives primitives) {
        double scale = task.parameters().number(MixtureTensors.RESIDUAL_SCALE, 1);
        double noise = task.parameters().number(MixtureTensors.NOISE_SCALE, 0);
        primitives.combine(
                new WeightedSum(
                        primitives.sources() == 1
                                ? new double[] {scale}
                                : new double[] {scale, scale * noise}));
    }
}
