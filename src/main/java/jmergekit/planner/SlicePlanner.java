package jmergekit.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import jmergekit.arch.LayerStack;
import jmergekit.arch.Structure;
import jmergekit.config.Composition;
import jmergekit.config.InputModel;
import jmergekit.config.LayerRange;
import jmergekit.config.Located;
import jmergekit.config.MergeConfig;
import jmergekit.config.ModuleConfig;
import jmergekit.config.OutputSlice;
import jmergekit.config.ParameterSet;
import jmergekit.config.SliceSource;
import jmergekit.method.MethodInfo;
import jmergekit.method.MethodInfo.Base;
import jmergekit.model.ModelReference;
import jmergekit.primitive.Primitives;
import jmergekit.problem.Location;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Severity;
import jmergekit.problem.Suggestion;

/// Converts `models`, `slices` and `modules` to one form: modules of slices of inputs.
final class SlicePlanner {
    private final MergeConfig config;
    private final Optional<MethodInfo> method;
    private final Map<ModelReference, SourceModel> models;
    private final Structure structure;
    private final TextParts textParts;
    private final AuxiliaryModules auxiliary;
    private final Problems problems;

    SlicePlanner(
            MergeConfig config,
            Optional<MethodInfo> method,
            InputModels models,
            Problems problems) {
        this.config = config;
        this.method = method;
        this.models = models.byReference();
        this.structure = models.structure();
        this.textParts = models.textParts();
        this.auxiliary = new AuxiliaryModules(models);
        this.problems = problems;
    }

    /// Notes on how modules that some models lack are handled. Available once the modules are
    /// planned.
    List<String> notes() {
        return auxiliary.notes();
    }

    List<PlannedModule> modules() {
        List<PlannedModule> modules = planned();
        warnIfNothingIsMerged(modules);
        return modules;
    }

    private List<PlannedModule> planned() {
        return switch (config.composition()) {
            case Composition.WholeModels(List<InputModel> inputs) ->
                    structure.modules().stream()
                            .map(m ->
                                    whole(m, inputs, ParameterSet.EMPTY, config.mergeMethod().at()))
                            .toList();
            case Composition.Slices(List<OutputSlice> slices) -> sliced(slices);
            case Composition.Modules(List<ModuleConfig> modules) -> modules(modules);
        };
    }

    // Slices count the layers of the text model: not those of towers or for multi-token prediction.
    private List<PlannedModule> sliced(List<OutputSlice> slices) {
        Optional<LayerStack> text = structure.mainStack();
        if (text.isEmpty() && isModelRefused()) {
            return List.of();
        }
        if (text.isEmpty()) {
            problems.add(
                    Problem.recipe(
                                    slices.getFirst().at(),
                                    "'slices' needs a model with a single stack of text layers")
                            .found(stackNames())
                            .hint(
                                    "list the parts under 'modules': "
                                            + String.join(", ", structure.modules())));
            return List.of();
        }
        List<PlannedModule> planned = new ArrayList<>();
        planned.add(sliced(text.get().module(), slices, ParameterSet.EMPTY));
        planned.addAll(auxiliary.beside(text.get().module()));
        return planned;
    }

    private String stackNames() {
        return structure.stacks().isEmpty()
                ? "no numbered layers"
                : structure.stacks().stream()
                        .map(LayerStack::prefix)
                        .reduce((a, b) -> a + ", " + b)
                        .orElseThrow();
    }

    private List<PlannedModule> modules(List<ModuleConfig> configs) {
        Set<String> known = structure.modules();
        List<PlannedModule> planned = new ArrayList<>();
        for (ModuleConfig module : configs) {
            if (!known.contains(module.name())) {
                problems.add(
                        Problem.recipe(
                                        module.at(),
                                        "the models have no module '%s'%s"
                                                .formatted(
                                                        module.name(),
                                                        Suggestion.didYouMean(
                                                                module.name(), known)))
                                .expected("one of " + String.join(", ", known)));
                continue;
            }
            planned.add(
                    switch (module.composition()) {
                        case Composition.WholeModels(List<InputModel> inputs) ->
                                whole(module.name(), inputs, module.parameters(), module.at());
                        case Composition.Slices(List<OutputSlice> slices) ->
                                sliced(module.name(), slices, module.parameters());
                        case Composition.Modules nested ->
                                throw new IllegalStateException("modules inside a module");
                    });
        }
        warnOfLeftOut(configs, known);
        return planned;
    }

    private void warnOfLeftOut(List<ModuleConfig> configs, Set<String> known) {
        List<String> listed = configs.stream().map(ModuleConfig::name).toList();
        auxiliary.leftOut(listed);
        List<String> left =
                known.stream()
                        .filter(m -> !listed.contains(m) && !structure.isAuxiliary(m))
                        .toList();
        if (!left.isEmpty() && !configs.isEmpty()) {
            problems.add(
                    Problem.recipe(
                                    configs.getFirst().at(),
                                    "modules not listed are left out of the output: "
                                            + String.join(", ", left))
                            .hint("list them to get a complete model")
                            .asWarning());
        }
    }

    private PlannedModule whole(
            String module, List<InputModel> inputs, ParameterSet parameters, Location at) {
        Optional<LayerStack> stack = structure.stack(module);
        List<PlannedSlice.Input> planned = new ArrayList<>();
        for (InputModel input : inputs) {
            SourceModel model = models.get(input.model().value());
            if (model != null) {
                planned.add(new PlannedSlice.Input(model, 0, input.parameters()));
            }
        }
        config.baseModel()
                .map(Located::value)
                .filter(b -> inputs.stream().noneMatch(i -> i.model().value().equals(b)))
                .map(models::get)
                .ifPresent(b -> planned.add(new PlannedSlice.Input(b, 0, ParameterSet.EMPTY)));
        boolean kept = planned.removeIf(i -> textParts.lacksModule(i.model(), module));
        Optional<PlannedModule> alone =
                auxiliary.fromThoseThatHave(
                        module, planned, left -> isEnough(left, config.baseModel()));
        if (alone.isPresent()) {
            return alone.get();
        }
        int layers = stack.map(s -> commonDepth(s, planned, at)).orElse(0);
        PlannedSlice slice =
                new PlannedSlice(
                        planned,
                        layers,
                        baseIn(planned, config.baseModel()),
                        inputOf(planned, config.baseModel()),
                        ParameterSet.EMPTY);
        if (kept && planned.size() == 1) {
            return new PlannedModule(module, stack, List.of(slice), true, parameters, true);
        }
        checkCount(slice, at);
        return new PlannedModule(module, stack, List.of(slice), true, parameters, false);
    }

    // If two models do not match, either of them may have been refused.
    private boolean isModelRefused() {
        Set<String> labels =
                models.values().stream().map(SourceModel::label).collect(Collectors.toSet());
        return problems.all().stream()
                .anyMatch(p -> p.severity() == Severity.ERROR && labels.contains(p.where()));
    }

    // Whether a model has none of the layers that the others have: it has another architecture.
    private boolean lacks(SourceModel model, LayerStack stack, Location at) {
        if (model.layers(stack) > 0) {
            return false;
        }
        if (!isModelRefused()) {
            problems.add(
                    Problem.recipe(
                                    at,
                                    "'%s' has no tensors under '%s', where the other models have their layers"
                                            .formatted(model.label(), stack.prefix()))
                            .hint(
                                    "its names %s do not match theirs, so it cannot be merged with"
                                                    .formatted(model.folder().architecture())
                                            + " them"));
        }
        return true;
    }

    private int commonDepth(LayerStack stack, List<PlannedSlice.Input> inputs, Location at) {
        if (inputs.isEmpty()) {
            return 0;
        }
        if (inputs.stream().anyMatch(i -> i.model().layers(stack) > 0)
                && inputs.stream().anyMatch(i -> lacks(i.model(), stack, at))) {
            return 0;
        }
        int first = inputs.getFirst().model().layers(stack);
        for (PlannedSlice.Input input : inputs) {
            int layers = input.model().layers(stack);
            if (layers != first) {
                problems.add(
                        Problem.recipe(
                                        at,
                                        "models of different depth: '%s' has %d layers, '%s' has %d"
                                                .formatted(
                                                        inputs.getFirst().model().label(),
                                                        first,
                                                        input.model().label(),
                                                        layers))
                                .hint("use 'slices' to choose the layers to merge"));
                return 0;
            }
        }
        return first;
    }

    private PlannedModule sliced(String module, List<OutputSlice> slices, ParameterSet parameters) {
        Optional<LayerStack> stack = structure.stack(module);
        List<PlannedSlice> planned = new ArrayList<>();
        for (OutputSlice slice : slices) {
            planned.add(slice(slice, stack));
        }
        return new PlannedModule(module, stack, planned, false, parameters, false);
    }

    private PlannedSlice slice(OutputSlice slice, Optional<LayerStack> stack) {
        List<PlannedSlice.Input> inputs = new ArrayList<>();
        int layers = -1;
        boolean refused = false;
        for (SliceSource source : slice.sources()) {
            SourceModel model = models.get(source.model().value());
            if (model == null) {
                continue;
            }
            int depth = stack.map(s -> model.layers(s)).orElse(0);
            int start = source.layerRange().map(LayerRange::start).orElse(0);
            int end = source.layerRange().map(LayerRange::end).orElse(depth);
            Location at = source.layerRange().map(LayerRange::at).orElse(source.at());
            if (stack.isPresent() && end > start && lacks(model, stack.get(), at)) {
                refused = true;
                continue;
            }
            if (end > Math.max(depth, start)) {
                problems.add(
                        Problem.recipe(
                                        at,
                                        "layer_range [%d, %d] exceeds the %d layers of '%s'"
                                                .formatted(start, end, depth, model.label()))
                                .hint("layers are counted from 0; the end is exclusive"));
                refused = true;
                continue;
            }
            if (layers >= 0 && end - start != layers) {
                problems.add(
                        Problem.recipe(
                                at,
                                "the sources of a slice have different numbers of layers: '%s' has"
                                                .formatted(model.label())
                                        + " %d in [%d, %d], the first source has %d"
                                                .formatted(end - start, start, end, layers)));
            }
            layers = layers < 0 ? end - start : layers;
            inputs.add(new PlannedSlice.Input(model, start, source.parameters()));
        }
        Optional<Located<ModelReference>> base = slice.baseModel().or(config::baseModel);
        PlannedSlice planned =
                new PlannedSlice(
                        inputs,
                        Math.max(0, layers),
                        baseIn(inputs, base),
                        inputOf(inputs, base),
                        slice.parameters());
        if (!refused) {
            checkCount(planned, slice.at());
        }
        return planned;
    }

    private int baseIn(List<PlannedSlice.Input> inputs, Optional<Located<ModelReference>> base) {
        return method.map(MethodInfo::base).orElse(Base.ORDINARY) == Base.ORDINARY
                ? Primitives.NO_BASE
                : inputOf(inputs, base);
    }

    private int inputOf(List<PlannedSlice.Input> inputs, Optional<Located<ModelReference>> base) {
        if (base.isEmpty()) {
            return Primitives.NO_BASE;
        }
        SourceModel model = models.get(base.get().value());
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i).model() == model) {
                return i;
            }
        }
        return Primitives.NO_BASE;
    }

    private boolean isEnough(
            List<PlannedSlice.Input> inputs, Optional<Located<ModelReference>> base) {
        boolean withBase = baseIn(inputs, base) >= 0;
        return inputs.size() > 1
                && method.filter(m ->
                                (withBase || m.base() != Base.REQUIRED)
                                        && ModelCount.isRight(m, inputs.size(), withBase))
                        .isPresent();
    }

    // Without all models and a method, the number cannot be checked.
    private void checkCount(PlannedSlice slice, Location at) {
        if (method.isEmpty()
                || models.size() < References.all(config).size()
                || slice.isKept(method.get())) {
            return;
        }
        boolean needsBase = method.get().base() == Base.REQUIRED;
        if (needsBase && slice.base() < 0) {
            if (!References.bases(config).isEmpty()) {
                problems.add(
                        Problem.recipe(at, "the base model is not among the sources of this slice")
                                .hint("list it with the layers that differences are taken from"));
            }
            return;
        }
        ModelCount.problem(method.get(), slice.inputs().size(), slice.base() >= 0, at)
                .ifPresent(problems::add);
    }

    private void warnIfNothingIsMerged(List<PlannedModule> modules) {
        boolean kept =
                method.isPresent()
                        && !modules.isEmpty()
                        && modules.stream()
                                .filter(m -> !m.kept())
                                .flatMap(m -> m.slices().stream())
                                .allMatch(s -> s.isKept(method.get()));
        if (kept) {
            problems.add(
                    Problem.recipe(
                                    config.mergeMethod().at(),
                                    "nothing is merged: no part of the output has more than one"
                                            + " model")
                            .expected(ModelCount.text(method.get()))
                            .asWarning());
        }
    }
}
