package jmergekit.plan;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import jmergekit.arch.LayerStack;
import jmergekit.arch.Place;
import jmergekit.arch.Structure;
import jmergekit.config.MergeConfig;
import jmergekit.kernel.Primitives;
import jmergekit.method.MergeMethod;
import jmergekit.method.MethodInfo.Single;
import jmergekit.method.Parameters;
import jmergekit.plan.TensorTask.Work;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;

/// Plans the tensors of the output's modules one by one.
final class TensorPlanner {
    private final MergeConfig config;
    private final MergeMethod method;
    private final Structure structure;
    private final OutputDType dtype;
    private final long seed;
    private final VocabularyRows rows;
    private final Problems problems;
    private final ParameterResolver resolver;
    private final SourceShapes shapes;
    private final Findings missing = new Findings();
    private final Findings quantised = new Findings();
    private final Set<String> complaints = new LinkedHashSet<>();
    private final List<TensorTask> tasks = new ArrayList<>();

    TensorPlanner(
            MergeConfig config,
            MergeMethod method,
            Structure structure,
            OutputDType dtype,
            long seed,
            VocabularyRows rows,
            Problems problems) {
        this.config = config;
        this.method = method;
        this.structure = structure;
        this.dtype = dtype;
        this.seed = seed;
        this.rows = rows;
        this.problems = problems;
        this.resolver = new ParameterResolver(config, method.info(), problems);
        this.shapes = new SourceShapes(method.info());
    }

    /// What is asked of one output tensor.
    ///
    /// @param nameIn what an input calls it, in output style
    private record Wanted(
            String name,
            PlannedModule module,
            PlannedSlice slice,
            double position,
            Function<PlannedSlice.Input, String> nameIn,
            Optional<Place.InLayer> place) {}

    List<TensorTask> plan(List<PlannedModule> modules) {
        for (PlannedModule module : modules) {
            loose(module, module.slices().getFirst(), true);
            module.stack().ifPresent(stack -> layers(module, stack));
            loose(module, module.slices().getLast(), false);
        }
        missing.report(
                problems, "the models do not fit together, or a file is damaged or incomplete");
        shapes.report(problems);
        quantised.report(problems, "convert the checkpoint to bfloat16 first, or use passthrough");
        return List.copyOf(tasks);
    }

    // Tensors around the layers take the value at position 0 of a gradient, those after them too.
    private void loose(PlannedModule module, PlannedSlice slice, boolean before) {
        Set<String> names = new LinkedHashSet<>();
        for (PlannedSlice.Input input : slice.inputs()) {
            for (String name : input.model().tensors().keySet()) {
                Place place = structure.place(name);
                boolean wanted =
                        before
                                ? place instanceof Place.BeforeLayers
                                : place instanceof Place.AfterLayers;
                if (wanted && place.module().equals(module.name())) {
                    names.add(name);
                }
            }
        }
        for (String name : names) {
            add(new Wanted(name, module, slice, 0, input -> name, Optional.empty()));
        }
    }

    private void layers(PlannedModule module, LayerStack stack) {
        int outputLayer = 0;
        for (PlannedSlice slice : module.slices()) {
            for (int i = 0; i < slice.layers(); i++) {
                layer(module, stack, slice, i, outputLayer++);
            }
        }
    }

    private void layer(
            PlannedModule module, LayerStack stack, PlannedSlice slice, int i, int outputLayer) {
        Set<String> rests = new LinkedHashSet<>();
        for (PlannedSlice.Input input : slice.inputs()) {
            String prefix = stack.name(input.firstLayer() + i, "");
            rests.addAll(input.model().restsOf(prefix));
        }
        for (String rest : rests) {
            add(
                    new Wanted(
                            stack.name(outputLayer, rest),
                            module,
                            slice,
                            slice.position(i),
                            input -> stack.name(input.firstLayer() + i, rest),
                            Optional.of(new Place.InLayer(stack, outputLayer, rest))));
        }
    }

    private void add(Wanted wanted) {
        List<TensorSource> sources = new ArrayList<>();
        List<ParameterResolver.Source> named = new ArrayList<>();
        int base = Primitives.NO_BASE;
        List<PlannedSlice.Input> inputs = wanted.slice().inputs();
        for (int i = 0; i < inputs.size(); i++) {
            Optional<TensorSource> found = find(inputs.get(i), wanted);
            if (found.isPresent()) {
                base = i == wanted.slice().base() ? sources.size() : base;
                sources.add(found.get());
                named.add(new ParameterResolver.Source(inputs.get(i), found.get().spec().name()));
            }
        }
        if (sources.isEmpty() || baseIsMissing(wanted, sources, base)) {
            return;
        }
        sources = rows.mapped(wanted.name(), sources);
        if (sources.stream().allMatch(s -> isCopied(s.spec().dtype()))) {
            int kept = Math.max(base, 0);
            tasks.add(copy(wanted.name(), sources.get(kept)));
            return;
        }
        Optional<Parameters> parameters =
                resolver.resolve(
                        wanted.name(),
                        named,
                        base,
                        wanted.module(),
                        wanted.slice(),
                        wanted.position());
        Optional<Shape> shape = shapes.of(wanted.name(), sources, base, wanted.slice());
        if (parameters.isPresent() && shape.isPresent()) {
            merge(wanted, sources, base, parameters.get(), shape.get());
        }
    }

    // A model may lack a tensor that is tied to another one, or one that it is built without.
    private Optional<TensorSource> find(PlannedSlice.Input input, Wanted wanted) {
        SourceModel model = input.model();
        String name = wanted.nameIn().apply(input);
        Optional<TensorSource> found = model.source(name).or(() -> model.tiedHead(structure, name));
        if (found.isEmpty() && !mayLack(model, name, wanted)) {
            missing.add(
                    model.label(),
                    "tensor '%s' is missing (%s has it)".formatted(name, owner(wanted)));
        }
        return found;
    }

    private boolean mayLack(SourceModel model, String name, Wanted wanted) {
        boolean everywhere =
                wanted.place().isEmpty()
                        || model.lacksEverywhere(
                                wanted.place().get().stack(), wanted.place().get().rest());
        boolean integers =
                wanted.slice().inputs().stream()
                        .flatMap(i -> i.model().find(wanted.nameIn().apply(i)).stream())
                        .allMatch(l -> !l.entry().spec().dtype().isFloat());
        return integers || everywhere && Structure.isOptional(name);
    }

    private static String owner(Wanted wanted) {
        return wanted.slice().inputs().stream()
                .filter(i -> i.model().find(wanted.nameIn().apply(i)).isPresent())
                .map(i -> "'" + i.model().label() + "'")
                .findFirst()
                .orElse("another model");
    }

    private boolean baseIsMissing(Wanted wanted, List<TensorSource> sources, int base) {
        SourceModel baseModel = wanted.slice().baseModel();
        if (baseModel == null || base >= 0) {
            return false;
        }
        if (sources.stream().allMatch(s -> isCopied(s.spec().dtype()))) {
            return false;
        }
        if (method.info().single() == Single.KEEP && sources.size() == 1) {
            return false;
        }
        missing.add(
                baseModel.label(),
                "the base model lacks tensor '%s', which %s has"
                        .formatted(wanted.name(), owner(wanted)));
        return true;
    }

    // Integers are positions and counts, not weights. Masks are turned into `dtype`, as the
    // reference does, if the recipe names one.
    private boolean isCopied(DType type) {
        return type.isInteger() || type == DType.BOOL && dtype.asked().isEmpty();
    }

    private static TensorTask copy(String name, TensorSource source) {
        return new TensorTask(
                new TensorSpec(name, source.spec().dtype(), source.shape()),
                List.of(source),
                Primitives.NO_BASE,
                new Parameters(java.util.Map.of(), List.of(java.util.Map.of())),
                Work.COPY);
    }

    private void merge(
            Wanted wanted,
            List<TensorSource> sources,
            int base,
            Parameters parameters,
            Shape shape) {
        long elements = shape.elements();
        List<TensorSource> cut = sources.stream().map(s -> s.withElements(elements)).toList();
        TensorTask task =
                new TensorTask(
                        new TensorSpec(wanted.name(), dtype.of(cut, base, method.info()), shape),
                        cut,
                        base,
                        parameters,
                        Work.MERGE);
        Optional<String> complaint = method.complaint(task.input(seed));
        if (complaint.isPresent()) {
            complain(wanted.name(), complaint.get());
        } else if (method.copies(task.input(seed)) && isQuantised(wanted, cut.getFirst())) {
            tasks.add(copy(wanted.name(), cut.getFirst()));
        } else {
            refuseQuantised(wanted, cut);
            tasks.add(task);
        }
    }

    private void complain(String tensor, String complaint) {
        if (complaints.add(complaint)) {
            problems.add(
                    Problem.recipe(
                            config.mergeMethod().at(), complaint + " (tensor '" + tensor + "')"));
        }
    }

    private static boolean isQuantised(Wanted wanted, TensorSource source) {
        DType type = source.spec().dtype();
        return type == DType.F8_E4M3
                || type == DType.F8_E5M2
                || QuantisedNames.isScale(wanted.name());
    }

    // The scale that belongs to an FP8 tensor would have to be applied first.
    private void refuseQuantised(Wanted wanted, List<TensorSource> sources) {
        for (TensorSource source : sources) {
            PlannedSlice.Input owner =
                    wanted.slice().inputs().stream()
                            .filter(i -> i.model().index() == source.model())
                            .findFirst()
                            .orElseThrow();
            DType type = source.spec().dtype();
            if (type.isFloat()
                    && type.bytes() == 1
                    && QuantisedNames.hasScale(owner.model(), source.spec().name())) {
                quantised.add(
                        owner.model().label(),
                        "tensor '%s' is %s with a scale of its own and cannot be merged"
                                .formatted(source.spec().name(), type));
            }
        }
    }
}
