package jmergekit.planner;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jmergekit.config.Composition;
import jmergekit.config.InputModel;
import jmergekit.config.Located;
import jmergekit.config.MergeConfig;
import jmergekit.config.ParameterSet;
import jmergekit.method.MergeMethod;
import jmergekit.method.MethodInfo;
import jmergekit.method.MethodInfo.Base;
import jmergekit.model.LooseWeights;
import jmergekit.model.ModelLocator;
import jmergekit.model.ModelReference;
import jmergekit.plan.TensorTask;
import jmergekit.primitive.Primitives;
import jmergekit.problem.Location;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tensor.TensorSpec;

/// Plans a merge of models of loose tensors, which have no layers, configuration or tokenizer: only
/// names, shapes and dtypes are known.
public final class LoosePlanner {
    private final MergeConfig config;
    private final PlanOptions options;
    private final TensorChoice choice;
    private final Problems problems;
    private final Problems unfit = new Problems();

    /// @param choice which tensors go into the output
    public LoosePlanner(
            MergeConfig config, PlanOptions options, TensorChoice choice, Problems problems) {
        this.config = config;
        this.options = options;
        this.choice = choice;
        this.problems = problems;
    }

    /// The plan.
    ///
    /// @throws MergeException with everything that is wrong with the recipe and its models
    public PlannedLooseMerge plan() {
        OutputDType dtype = OutputDType.of(config, problems);
        refuseWhatNeedsLayers();
        config.adapter().refuse(problems);
        Optional<MergeMethod> method = RecipeMethod.withBase(config, options.methods(), unfit);
        Optional<MethodInfo> info = method.map(MergeMethod::info);
        new ParameterNames(config, info, options.methods(), problems).check();
        info.filter(m -> m.statistics().isPresent())
                .ifPresent(m ->
                        problems.add(
                                Problem.recipe(
                                                config.mergeMethod().at(),
                                                "merge method '%s' needs statistics and does not work with loose tensors"
                                                        .formatted(m.name()))
                                        .hint("run mergekit-yaml with folders")));
        Map<ModelReference, LooseWeights> models = open();
        List<ModelReference> references = References.all(config);
        if (models.size() < references.size()
                || method.isEmpty()
                || !(config.composition() instanceof Composition.WholeModels)) {
            throw everything();
        }
        List<LooseWeights> inOrder = List.copyOf(models.values());
        List<LooseInput> inputs = inputs(references, inOrder);
        int base = base(info.orElseThrow(), inputs);
        checkCount(info.orElseThrow(), inputs, base);
        warnOfRepeated(models);
        problems.addAll(unfit);
        if (unfit.hasErrors()) {
            throw everything();
        }
        LooseNames names = new LooseNames(inOrder);
        List<String> chosen = names.choose(choice, config.source(), problems);
        LooseTensors tensors =
                new LooseTensors(
                        config,
                        method.orElseThrow(),
                        inputs,
                        base,
                        new MergeTasks(method.orElseThrow(), dtype, options.seed()),
                        problems);
        List<TensorTask> tasks = tensors.plan(chosen);
        new FilterNames(config, names.all(), problems).check();
        problems.throwIfErrors();
        List<TensorSpec> outputs = tasks.stream().map(TensorTask::output).toList();
        return new PlannedLooseMerge(
                config,
                method.orElseThrow(),
                inOrder,
                config.baseModel().map(Located::value),
                tasks,
                options.sharding().layout(outputs).withMetadata(inOrder.getFirst().metadata()),
                options.seed(),
                inOrder.stream().flatMap(m -> m.notes().stream()).toList(),
                names.leftOut(Set.copyOf(chosen)));
    }

    private void refuseWhatNeedsLayers() {
        switch (config.composition()) {
            case Composition.WholeModels _ -> {}
            case Composition.Slices(var slices) ->
                    refuse(
                            slices.isEmpty() ? config.mergeMethod().at() : slices.getFirst().at(),
                            "'slices' needs models with layers");
            case Composition.Modules(var modules) ->
                    refuse(
                            modules.isEmpty() ? config.mergeMethod().at() : modules.getFirst().at(),
                            "'modules' needs models with modules");
        }
        config.tokenizer()
                .ifPresent(t -> refuse(t.at(), "'tokenizer' needs models with tokenizers"));
        config.chatTemplate()
                .ifPresent(t -> refuse(t.at(), "'chat_template' needs models with tokenizers"));
    }

    private void refuse(Location at, String what) {
        problems.add(
                Problem.recipe(at, what + " and does not work with loose tensors")
                        .hint(
                                "list whole files under 'models', or run mergekit-yaml with folders"));
    }

    private Map<ModelReference, LooseWeights> open() {
        Map<ModelReference, LooseWeights> models = new LinkedHashMap<>();
        for (ModelReference reference : References.all(config)) {
            // Nothing large is downloaded for a recipe that is already known to have a mistake.
            boolean sound = !problems.hasErrors() && !unfit.hasErrors();
            ModelLocator locator = sound ? options.models() : options.models().withoutWeights();
            LooseWeights.open(reference, locator, unfit).ifPresent(m -> models.put(reference, m));
        }
        return models;
    }

    private List<InputModel> listed() {
        return config.composition() instanceof Composition.WholeModels(List<InputModel> models)
                ? models
                : List.of();
    }

    // A base model that is not listed is an additional input.
    private List<LooseInput> inputs(List<ModelReference> references, List<LooseWeights> models) {
        List<LooseInput> inputs = new ArrayList<>();
        for (InputModel listed : listed()) {
            int model = references.indexOf(listed.model().value());
            inputs.add(new LooseInput(model, models.get(model), listed.parameters()));
        }
        config.baseModel()
                .map(b -> references.indexOf(b.value()))
                .filter(b -> inputs.stream().noneMatch(i -> i.model() == b))
                .ifPresent(b -> inputs.add(new LooseInput(b, models.get(b), ParameterSet.EMPTY)));
        return inputs;
    }

    private int base(MethodInfo method, List<LooseInput> inputs) {
        if (config.baseModel().isEmpty() || method.base() == Base.ORDINARY) {
            return Primitives.NO_BASE;
        }
        // The base is the first of all models.
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i).model() == 0) {
                return i;
            }
        }
        return Primitives.NO_BASE;
    }

    private void checkCount(MethodInfo method, List<LooseInput> inputs, int base) {
        if (inputs.size() == 1 && method.keepsLone(base == 0)) {
            problems.add(
                    Problem.recipe(
                                    config.mergeMethod().at(),
                                    "nothing is merged: there is only one model")
                            .expected(ModelCount.text(method))
                            .asWarning());
            return;
        }
        if (method.base() == Base.REQUIRED && base < 0) {
            return;
        }
        ModelCount.problem(method, inputs.size(), base >= 0, config.mergeMethod().at())
                .ifPresent(unfit::add);
    }

    private void warnOfRepeated(Map<ModelReference, LooseWeights> models) {
        Set<List<Path>> seen = new HashSet<>();
        for (InputModel listed : listed()) {
            List<Path> files =
                    models.get(listed.model().value()).files().stream()
                            .map(f -> f.toAbsolutePath().normalize())
                            .toList();
            if (!seen.add(files)) {
                problems.add(
                        Problem.recipe(
                                        listed.model().at(),
                                        "model '%s' is listed twice and counts twice"
                                                .formatted(listed.model().value()))
                                .hint("if this is not intended, remove it or name another model")
                                .asWarning());
            }
        }
    }

    private MergeException everything() {
        problems.addAll(unfit);
        return new MergeException(problems.all());
    }
}
