package jmergekit.moe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.arch.LayerStack;
import jmergekit.arch.Place;
import jmergekit.config.ExpertConfig;
import jmergekit.config.Located;
import jmergekit.config.MixtureConfig;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Values;
import jmergekit.plan.Work;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;

/// Lists the output tensors of a mixture whose models are known to fit: the base model's tensors
/// without its MLPs, and for each layer a gate and the experts' MLPs.
final class MixtureTensors {
    private final MixtureConfig config;
    private final MixtureModels models;
    private final MixtureFamily family;
    private final DType dtype;
    private final long seed;
    private final String gateText;
    private final List<TensorTask> tasks = new ArrayList<>();
    private final List<GateTask> gates = new ArrayList<>();

    /// @param seed for noise
    /// @param gateText describes how the rows of gates are computed
    MixtureTensors(
            MixtureConfig config,
            MixtureModels models,
            MixtureFamily family,
            DType dtype,
            long seed,
            String gateText) {
        this.config = config;
        this.models = models;
        this.family = family;
        this.dtype = dtype;
        this.seed = seed;
        this.gateText = gateText;
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

    /// The tasks that are gates.
    List<GateTask> gates() {
        return gates;
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
        TaskInput source = models.base().source(name).orElseThrow();
        tasks.add(new TensorTask(spec(name, source), List.of(source), new Work.Copy()));
    }

    private TensorSpec spec(String name, TaskInput source) {
        DType type = source.dtype().isFloat() ? dtype : source.dtype();
        return new TensorSpec(name, type, source.shape());
    }

    // A model without biases is equivalent to one whose biases are zero.
    private void bias(String projection) {
        String name = projection + ".bias";
        Optional<TaskInput> weight = models.base().source(projection + ".weight");
        if (models.base().find(name).isEmpty() && weight.isPresent()) {
            long rows = weight.get().shape().size(0);
            TensorSpec zeros = new TensorSpec(name, DType.F32, Shape.of(rows));
            generated(new Source.Given(zeros, Values.zeros(Math.toIntExact(rows))));
        }
    }

    private void gate(int layer, String rest, int rows, boolean shared) {
        String name = models.stack().name(layer, rest);
        gates.add(new GateTask(name, layer, rows, shared));
        TensorSpec spec = new TensorSpec(name, DType.F32, Shape.of(rows, models.hidden()));
        generated(new Source.Computed(spec, gateText));
    }

    private void generated(Source values) {
        TensorSpec spec = values.spec();
        tasks.add(
                new TensorTask(
                        new TensorSpec(spec.name(), dtype, spec.shape()),
                        List.of(new TaskInput(models.base().index(), values)),
                        new Work.Sum(List.of(1.0))));
    }

    private void expert(ExpertConfig expert, int layer, MlpPart part, String rest) {
        LayerStack stack = models.stack();
        TaskInput source = models.of(expert).source(stack.name(layer, part.rest())).orElseThrow();
        double scale = part == MlpPart.DOWN ? value(expert.residualScale(), 1) : 1;
        double noise = value(expert.noiseScale(), 0);
        TensorSpec spec = spec(stack.name(layer, rest), source);
        if (scale == 1 && noise == 0) {
            tasks.add(new TensorTask(spec, List.of(source), new Work.Copy()));
        } else if (noise == 0) {
            tasks.add(new TensorTask(spec, List.of(source), new Work.Sum(List.of(scale))));
        } else {
            TensorSpec drawn = new TensorSpec(spec.name(), DType.F32, spec.shape());
            tasks.add(
                    new TensorTask(
                            spec,
                            List.of(
                                    source,
                                    new TaskInput(source.model(), new Source.Noise(drawn, seed))),
                            new Work.Sum(List.of(scale, scale * noise))));
        }
    }

    private static double value(Optional<Located<Double>> given, double neutral) {
        return given.map(Located::value).orElse(neutral);
    }
}
