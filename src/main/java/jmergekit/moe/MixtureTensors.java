package jmergekit.moe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.arch.LayerStack;
import jmergekit.arch.Place;
import jmergekit.config.ExpertConfig;
import jmergekit.config.Located;
import jmergekit.config.MixtureConfig;
import jmergekit.method.Parameters;
import jmergekit.plan.TensorSource;
import jmergekit.plan.TensorTask;
import jmergekit.plan.TensorTask.Work;
import jmergekit.primitive.Primitives;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;

/// Lists the output tensors of a mixture whose models are known to fit: the base model's without its
/// MLPs, and in each layer a gate and the MLPs of the experts.
final class MixtureTensors {
    static final String RESIDUAL_SCALE = "residual_scale";
    static final String NOISE_SCALE = "noise_scale";

    private static final Parameters NONE = new Parameters(Map.of(), List.of());

    private final MixtureConfig config;
    private final MixtureModels models;
    private final MixtureFamily family;
    private final DType dtype;
    private final List<TensorTask> tasks = new ArrayList<>();
    private final List<GateTask> gates = new ArrayList<>();
    private final Map<String, float[]> zeros = new HashMap<>();

    MixtureTensors(MixtureConfig config, MixtureModels models, MixtureFamily family, DType dtype) {
        this.config = config;
        this.models = models;
        this.family = family;
        this.dtype = dtype;
        loose(Place.BeforeLayers.class);
        for (int layer = 0; layer < models.stack().layers(); layer++) {
            layer(layer);
        }
        loose(Place.AfterLayers.class);
    }

    /// In output order.
    List<TensorTask> tasks() {
        return tasks;
    }

    /// The tasks among them that are gates.
    List<GateTask> gates() {
        return gates;
    }

    /// The values of those that are zero, by name.
    Map<String, float[]> zeros() {
        return zeros;
    }

    private void loose(Class<? extends Place> where) {
        models.base()
                .tensors()
                .forEach((name, location) -> {
                    if (where.isInstance(models.structure().place(name))) {
                        copy(name);
                    }
                });
    }

    private void layer(int layer) {
        LayerStack stack = models.stack();
        for (String rest : models.base().restsOf(stack, layer)) {
            String name = stack.name(layer, rest);
            if (!rest.startsWith(MlpPart.PREFIX)) {
                copy(name);
            }
        }
        family.requiredBiases().forEach(projection -> bias(stack.name(layer, projection)));
        gate(layer, family.names().gate(), config.experts().size(), false);
        for (int i = 0; i < config.experts().size(); i++) {
            for (MlpPart part : MlpPart.values()) {
                expert(config.experts().get(i), layer, part, family.names().expert(i, part));
            }
        }
        for (ExpertConfig shared : config.sharedExperts()) {
            for (MlpPart part : MlpPart.values()) {
                expert(shared, layer, part, family.names().sharedExpert(part));
            }
            family.names().sharedGate().ifPresent(name -> gate(layer, name, 1, true));
        }
    }

    private void copy(String name) {
        tasks.add(task(name, models.base().source(name).orElseThrow(), NONE, Work.COPY));
    }

    private TensorTask task(String name, TensorSource source, Parameters parameters, Work work) {
        DType type = source.dtype().isFloat() ? dtype : source.dtype();
        return new TensorTask(
                new TensorSpec(name, type, source.shape()),
                List.of(source),
                Primitives.NO_BASE,
                parameters,
                work);
    }

    // Models without biases are as good as models whose biases are zero.
    private void bias(String projection) {
        String name = projection + ".bias";
        Optional<TensorSource> weight = models.base().source(projection + ".weight");
        if (models.base().find(name).isEmpty() && weight.isPresent()) {
            long rows = weight.get().shape().size(0);
            zeros.put(name, new float[Math.toIntExact(rows)]);
            generated(name, Shape.of(rows));
        }
    }

    private void gate(int layer, String rest, int rows, boolean shared) {
        String name = models.stack().name(layer, rest);
        gates.add(new GateTask(name, layer, rows, shared));
        generated(name, Shape.of(rows, models.hidden()));
    }

    private void generated(String name, Shape shape) {
        tasks.add(
                new TensorTask(
                        new TensorSpec(name, dtype, shape),
                        List.of(),
                        Primitives.NO_BASE,
                        NONE,
                        Work.MERGE));
    }

    private void expert(ExpertConfig expert, int layer, MlpPart part, String rest) {
        LayerStack stack = models.stack();
        TensorSource source =
                models.of(expert).source(stack.name(layer, part.rest())).orElseThrow();
        Map<String, Double> values = new HashMap<>();
        if (part == MlpPart.DOWN) {
            put(values, RESIDUAL_SCALE, expert.residualScale(), 1);
        }
        put(values, NOISE_SCALE, expert.noiseScale(), 0);
        tasks.add(
                task(
                        stack.name(layer, rest),
                        source,
                        Parameters.of(values),
                        values.isEmpty() ? Work.COPY : Work.MERGE));
    }

    private static void put(
            Map<String, Double> values,
            String key,
            Optional<Located<Double>> value,
            double neutral) {
        value.map(Located::value).filter(v -> v != neutral).ifPresent(v -> values.put(key, v));
    }
}
