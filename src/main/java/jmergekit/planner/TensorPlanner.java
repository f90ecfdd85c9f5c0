package jmergekit.planner;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import jmergekit.arch.LayerStack;
import jmergekit.arch.NextTokenLayers;
import jmergekit.arch.Place;
import jmergekit.arch.Structure;
import jmergekit.config.MergeConfig;
import jmergekit.method.MergeInput;
import jmergekit.method.MergeMethod;
import jmergekit.method.Parameters;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.primitive.Primitives;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;

/// Plans the tensors of the output's modules one by one.
final class TensorPlanner {
    private final MergeConfig config;
    private final MergeMethod method;
    private final Structure structure;
    private final OutputDType dtype;
    private final MergeTasks make;
    private final VocabularyRows rows;
    private final RecipeStatistics statistics;
    private final Problems problems;
    private final ParameterResolver resolver;
    private final SourceShapes shapes;
    private final SourceFinder finder;
    private final QuantisedTensors quantised;
    private final ExpertTasks experts;
    private final PerLayerTensors perLayer;
    private final Set<String> violations = new LinkedHashSet<>();
    private final List<TensorTask> tasks = new ArrayList<>();
    private final Map<Integer, Set<String>> unmatched = new HashMap<>();
    private final List<String> withoutBase = new ArrayList<>();
    private int kept;
    private final Map<String, Integer> depths;
    private final Map<Integer, Map<Place, List<String>>> looseNames = new HashMap<>();

    /// @param depths the number of layers in each of the output's stacks, by prefix
    /// @param statistics of the models, if the method needs them
    TensorPlanner(
            MergeConfig config,
            MergeMethod method,
            InputModels models,
            OutputDType dtype,
            long seed,
            VocabularyRows rows,
            Map<String, Integer> depths,
            RecipeStatistics statistics,
            Problems problems) {
        this.config = config;
        this.method = method;
        this.structure = models.structure();
        this.dtype = dtype;
        this.make = new MergeTasks(method, dtype, seed);
        this.rows = rows;
        this.depths = depths;
        this.statistics = statistics;
        this.problems = problems;
        this.resolver = new ParameterResolver(config, method.info(), problems);
        this.shapes = new SourceShapes(method.info());
        this.finder = new SourceFinder(method.info(), models, this::isCopied);
        this.quantised = new QuantisedTensors(models.folders());
        this.experts =
                new ExpertTasks(
                        method, make, quantised, models.inOrder(), dtype.form().isPresent());
        this.perLayer = new PerLayerTensors(structure, rows);
    }

    /// The tasks whose outputs the tasks of [#plan] are assembled from.
    Set<TensorTask> inner() {
        return experts.inner();
    }

    List<TensorTask> plan(List<PlannedModule> modules) {
        modules.forEach(this::module);
        finder.report(problems);
        shapes.report(problems);
        reportWithoutBase();
        List<TensorTask> alike =
                dtype.form().isPresent()
                        ? List.copyOf(tasks)
                        : quantised.alike(tasks, this::copyNumbers);
        quantised.report(problems);
        perLayer.report(problems);
        statistics.report(config, problems);
        return alike;
    }

    private void module(PlannedModule module) {
        loose(module.slices().getFirst(), module, new Place.BeforeLayers(module.name()));
        module.stack().ifPresent(stack -> layers(module, stack));
        loose(module.slices().getLast(), module, new Place.AfterLayers(module.name()));
    }

    // Tensors outside the layers, before or after them, take the value at position 0 of a gradient.
    private void loose(PlannedSlice slice, PlannedModule module, Place place) {
        Set<String> names = new LinkedHashSet<>();
        for (PlannedSlice.Input input : slice.inputs()) {
            names.addAll(looseNames(input.model()).getOrDefault(place, List.of()));
        }
        for (String name : names) {
            add(new WantedTensor(name, module, slice, 0, input -> name, Optional.empty()));
        }
    }

    private Map<Place, List<String>> looseNames(SourceModel model) {
        return looseNames.computeIfAbsent(
                model.index(),
                _ ->
                        model.tensors().keySet().stream()
                                .filter(n -> !(structure.place(n) instanceof Place.InLayer))
                                .collect(Collectors.groupingBy(structure::place)));
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
            rests.addAll(input.model().restsOf(stack, input.firstLayer() + i));
        }
        for (String rest : rests) {
            add(
                    new WantedTensor(
                            NextTokenLayers.storedName(stack.name(outputLayer, rest), depths),
                            module,
                            slice,
                            slice.position(i),
                            input -> stack.name(input.firstLayer() + i, rest),
                            Optional.of(new Place.InLayer(stack, outputLayer, rest))));
        }
    }

    private void add(WantedTensor wanted) {
        Optional<SourceFinder.Found> found = finder.find(wanted);
        if (found.isEmpty()) {
            return;
        }
        List<TaskInput> sources =
                perLayer.stacked(wanted, rows.mapped(wanted.name(), found.get().sources()));
        int base = found.get().base();
        if (wanted.module().kept() || found.get().kept()) {
            tasks.add(keep(wanted.name(), sources.getFirst()));
            return;
        }
        if (sources.stream().allMatch(s -> isCopied(s.dtype())) && !quantised.isScale(sources)) {
            quantised.refusePacked(sources);
            tasks.add(copy(wanted.name(), sources.get(Math.max(base, 0))));
            return;
        }
        if (wanted.slice().isKept(method.info())) {
            keepLone(wanted.name(), sources);
            return;
        }
        Optional<ParameterResolver.Resolved> resolved =
                resolver.resolve(
                        wanted.name(),
                        found.get().named(),
                        base,
                        wanted.slice().parameters(),
                        wanted.module().parameters(),
                        wanted.position());
        if (resolved.isEmpty()) {
            return;
        }
        for (int source : resolved.get().unmatched()) {
            unmatched
                    .computeIfAbsent(sources.get(source).model(), _ -> new HashSet<>())
                    .add(found.get().names().get(source));
        }
        MatchedSources matched =
                MatchedSources.of(
                        sources,
                        found.get().names(),
                        base,
                        found.get().baseSource(),
                        resolved.get());
        if (!matched.isMerged()) {
            keepBase(wanted, sources, found.get().baseSource());
        } else if (!isApplied(wanted, matched.sources(), matched.base(), matched.parameters())) {
            shapes.of(wanted.name(), matched.sources(), matched.base(), wanted.slice())
                    .ifPresent(s -> merge(wanted, matched, s));
        }
    }

    private void keepBase(WantedTensor wanted, List<TaskInput> sources, int baseSource) {
        if (baseSource < 0) {
            withoutBase.add(wanted.name());
            return;
        }
        kept++;
        tasks.add(keep(wanted.name(), sources.get(baseSource)));
    }

    private void reportWithoutBase() {
        if (!withoutBase.isEmpty()) {
            problems.add(
                    Problem.recipe(
                                    config.defaultBase().orElseThrow(),
                                    "no filter matches tensor '%s', and the base model does not have"
                                                    .formatted(withoutBase.getFirst())
                                            + " it here")
                            .hint(
                                    "list the base model among the sources, or add a last entry"
                                            + " '- value: …' without a filter"));
        }
    }

    /// The tensors of each model that no filter matches.
    Map<Integer, Set<String>> unmatched() {
        return unmatched;
    }

    /// What was decided for whole tensors, in words.
    List<String> notes() {
        return kept == 0
                ? List.of()
                : List.of(
                        "%d tensors stay as in the base model: no filter matches".formatted(kept));
    }

    // The scale of an FP8 tensor follows the tensor: it is copied with it or applied to it.
    private boolean isApplied(
            WantedTensor wanted, List<TaskInput> sources, int base, Parameters parameters) {
        Shape shape = sources.getFirst().shape();
        return quantised.isScale(sources)
                && !method.copies(make.input(wanted.name(), sources, base, parameters, shape));
    }

    // The other slices are merged, so a tensor with a scale is multiplied by it here too.
    private void keepLone(String name, List<TaskInput> sources) {
        if (!quantised.isScale(sources)) {
            tasks.add(copyNumbers(name, quantised.scaled(sources).getFirst()));
        }
    }

    private TensorTask copyNumbers(String name, TaskInput source) {
        DType type = dtype.of(List.of(source), Primitives.NO_BASE, method.info());
        return MergeTasks.copy(name, source, type);
    }

    // Integers are positions and counts, not weights, and opaque values cannot be computed with.
    // Masks are converted to `dtype`, as in the reference, if the recipe names one.
    private boolean isCopied(DType type) {
        return type.isInteger() || type.isOpaque() || type == DType.BOOL && dtype.asked().isEmpty();
    }

    private static TensorTask copy(String name, TaskInput source) {
        return MergeTasks.copy(name, source, source.spec().dtype());
    }

    private TensorTask keep(String name, TaskInput source) {
        boolean asStored = isCopied(source.dtype()) || quantised.isStored(source);
        return asStored ? copy(name, source) : copyNumbers(name, source);
    }

    private void merge(WantedTensor wanted, MatchedSources matched, Shape shape) {
        int base = matched.base();
        Parameters parameters = matched.parameters();
        List<TaskInput> cut =
                matched.sources().stream().map(s -> MergeTasks.leading(s, shape)).toList();
        MergeInput input = make.input(wanted.name(), cut, base, parameters, shape);
        Optional<String> violation = method.violation(input);
        if (violation.isPresent()) {
            refuse(wanted.name(), violation.get());
        } else if (method.copies(input) && quantised.isStored(cut.getFirst())) {
            tasks.add(copy(wanted.name(), cut.getFirst()));
        } else if (method.copies(input) && dtype.form().isPresent()) {
            keepLone(wanted.name(), cut);
        } else {
            quantised.refuseCopied(cut);
            tasks.add(merged(input, cut, matched.names(), parameters));
        }
    }

    private TensorTask merged(
            MergeInput input, List<TaskInput> cut, List<String> names, Parameters parameters) {
        List<TaskInput> informed = statistics.with(input.tensor(), cut);
        // Tensors that hold all experts have statistics as a whole, or none.
        Optional<TensorTask> byExpert =
                informed == cut
                        ? experts.merge(input.tensor(), cut, names, input.base(), parameters)
                        : Optional.empty();
        return byExpert.orElseGet(() -> make.merge(input, quantised.scaled(informed)));
    }

    private void refuse(String tensor, String violation) {
        if (violations.add(violation)) {
            problems.add(
                    Problem.recipe(
                            config.mergeMethod().at(), violation + " (tensor '" + tensor + "')"));
        }
    }
}
