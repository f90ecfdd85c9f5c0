package jmergekit.plan;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jmergekit.arch.LayerStack;
import jmergekit.arch.Structure;
import jmergekit.config.Composition;
import jmergekit.config.Located;
import jmergekit.config.MergeConfig;
import jmergekit.method.MergeMethod;
import jmergekit.method.MergeMethods;
import jmergekit.method.MethodInfo;
import jmergekit.method.MethodInfo.Base;
import jmergekit.model.ModelFolder;
import jmergekit.model.ModelLocator;
import jmergekit.model.ModelReference;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;
import jmergekit.safetensors.ShardLayout;
import jmergekit.tensor.TensorSpec;

/// Makes the plan of a merge from a recipe and the headers of its models.
public final class Planner {
    private final MergeConfig config;
    private final PlanOptions options;
    private final Problems problems;

    // Errors after which it makes no sense to go through the tensors one by one.
    private final Problems unfit = new Problems();

    public Planner(MergeConfig config, PlanOptions options, Problems problems) {
        this.config = config;
        this.options = options;
        this.problems = problems;
    }

    /// The plan.
    ///
    /// @throws MergeException with everything that is wrong with the recipe and its models, not only
    ///     the first
    public MergePlan plan() {
        OutputDType dtype = OutputDType.of(config, problems);
        TokenizerPlanner.checkChatTemplate(config, problems);
        Optional<MergeMethod> method = method();
        Optional<MethodInfo> info = method.map(MergeMethod::info);
        new ParameterNames(config, info, problems).check();
        Map<ModelReference, SourceModel> models = openModels();
        if (models.isEmpty()) {
            throw everything();
        }
        checkArchitectures(models.values().stream().map(SourceModel::folder).toList());
        if (!(config.composition() instanceof Composition.WholeModels)) {
            StackFit.checkSizes(models.values().stream().map(SourceModel::folder).toList(), unfit);
        }
        Structure structure = structure(models);
        models.values().forEach(m -> checkDepth(m, structure));
        List<PlannedModule> modules =
                new SlicePlanner(config, info, models, structure, unfit).modules();
        List<SourceModel> inOrder = List.copyOf(models.values());
        Optional<TokenizerPlan> tokenizer =
                models.size() < References.all(config).size()
                        ? Optional.empty()
                        : new TokenizerPlanner(config, options, inOrder, unfit).plan();
        if (unfit.hasErrors()) {
            throw everything();
        }

        VocabularyRows rows =
                new VocabularyRows(
                        tokenizer.flatMap(TokenizerPlan::merged), inOrder, structure, problems);
        TensorPlanner tensors =
                new TensorPlanner(
                        config,
                        method.orElseThrow(),
                        structure,
                        dtype,
                        options.seed(),
                        rows,
                        problems);
        List<TensorTask> tasks = tensors.plan(modules);
        StackFit.checkVocabulary(tasks, config.source(), problems);
        problems.addAll(unfit);
        problems.throwIfErrors();
        List<ModelFolder> folders = models.values().stream().map(SourceModel::folder).toList();
        List<TensorSpec> outputs = tasks.stream().map(TensorTask::output).toList();
        return new MergePlan(
                config,
                method.orElseThrow(),
                folders,
                config.baseModel().map(Located::value),
                0,
                tasks,
                ShardLayout.plan(outputs, options.shardBytes()),
                new ConfigPlanner(folders, tasks, dtype).changes(modules, tokenizer),
                options.seed(),
                tokenizer);
    }

    private MergeException everything() {
        problems.addAll(unfit);
        return new MergeException(problems.all());
    }

    private Optional<MergeMethod> method() {
        Located<String> name = config.mergeMethod();
        Optional<MergeMethod> method = MergeMethods.named(name.value());
        if (method.isEmpty()) {
            unfit.add(
                    Problem.recipe(
                                    name.at(),
                                    "unknown merge method '%s'%s"
                                            .formatted(
                                                    name.value(),
                                                    Suggestion.didYouMean(
                                                            name.value(), MergeMethods.names())))
                            .expected("one of " + String.join(", ", MergeMethods.names())));
        } else if (method.get().info().base() == Base.REQUIRED
                && References.bases(config).isEmpty()) {
            unfit.add(
                    Problem.recipe(
                                    name.at(),
                                    "merge method '%s' needs a base model".formatted(name.value()))
                            .hint("name it with 'base_model'"));
        }
        return method;
    }

    // The first model is the one that the output's config.json and names come from: the base model,
    // else the first one listed.
    private Map<ModelReference, SourceModel> openModels() {
        Map<ModelReference, SourceModel> models = new LinkedHashMap<>();
        Set<String> referenceNames = new LinkedHashSet<>();
        for (ModelReference reference : References.all(config)) {
            // Nothing large is downloaded for a recipe that has a mistake already.
            boolean sound = !problems.hasErrors() && !unfit.hasErrors();
            ModelLocator locator = sound ? options.models() : options.models().withoutWeights();
            ModelFolder.open(reference, locator, unfit)
                    .ifPresent(folder -> {
                        SourceModel model =
                                SourceModel.of(models.size(), folder, referenceNames, problems);
                        models.put(reference, model);
                        referenceNames.addAll(model.tensors().keySet());
                    });
        }
        return models;
    }

    private void checkArchitectures(List<ModelFolder> folders) {
        if (options.allowCrimes() || folders.isEmpty()) {
            return;
        }
        String first = folders.getFirst().architecture();
        for (ModelFolder folder : folders) {
            if (!folder.architecture().equals(first)) {
                unfit.add(
                        Problem.input(
                                        folder.reference().toString(),
                                        "models of different architectures")
                                .expected(first + " as in '" + folders.getFirst().reference() + "'")
                                .found(folder.architecture())
                                .hint("to mix them all the same, give --allow-crimes"));
            }
        }
    }

    private static Structure structure(Map<ModelReference, SourceModel> models) {
        Set<String> names = new LinkedHashSet<>();
        models.values().forEach(m -> names.addAll(m.tensors().keySet()));
        return Structure.infer(models.values().iterator().next().folder().config(), names);
    }

    private void checkDepth(SourceModel model, Structure structure) {
        for (LayerStack stack : structure.stacks()) {
            long configured =
                    model.folder()
                            .config()
                            .number(stack.countKey().toArray(String[]::new))
                            .orElse(0);
            int found = model.layers(structure, stack);
            if (configured > found && found > 0) {
                problems.add(
                        Problem.input(
                                        model.label(),
                                        "config.json promises more layers than the files hold"
                                                + " under '"
                                                + stack.prefix()
                                                + "'")
                                .expected(String.valueOf(configured))
                                .found(String.valueOf(found))
                                .asWarning());
            }
        }
    }
}
