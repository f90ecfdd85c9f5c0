package jmergekit.planner;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import jmergekit.arch.Structure;
import jmergekit.config.Composition;
import jmergekit.config.Located;
import jmergekit.config.MergeConfig;
import jmergekit.method.MergeMethod;
import jmergekit.method.MethodInfo;
import jmergekit.model.ModelFolder;
import jmergekit.plan.TensorTask;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tensor.TensorSpec;

/// Makes the plan of a merge from a recipe and the headers of its models.
public final class Planner {
    private final MergeConfig config;
    private final PlanOptions options;
    private final Problems problems;

    // Errors after which checking the tensors one by one is pointless.
    private final Problems unfit = new Problems();

    public Planner(MergeConfig config, PlanOptions options, Problems problems) {
        this.config = config;
        this.options = options;
        this.problems = problems;
    }

    /// Makes the plan.
    ///
    /// @throws MergeException with everything that is wrong with the recipe and its models, not
    ///     only the first problem
    public PlannedMerge plan() {
        OutputDType dtype = OutputDType.ofModel(config, problems);
        TokenizerPlanner.checkChatTemplate(config, problems);
        config.adapter().refuse(problems);
        Optional<MergeMethod> method = RecipeMethod.withBase(config, options.methods(), unfit);
        Optional<MethodInfo> info = method.map(MergeMethod::info);
        new ParameterNames(config, info, options.methods(), problems).check();
        boolean copies = info.filter(this::onlyCopies).isPresent();
        InputModels models =
                InputModels.open(
                        References.all(config), options, copies, dtype.form(), problems, unfit);
        List<SourceModel> inOrder = models.inOrder();
        if (inOrder.isEmpty()) {
            throw everything();
        }
        Problems packed = new Problems();
        info.ifPresent(m -> PackedModels.check(m, models.folders(), packed));
        if (packed.hasErrors()) {
            unfit.addAll(packed);
            throw everything();
        }
        boolean whole = config.composition() instanceof Composition.WholeModels;
        models.check(whole, options, problems, unfit);
        new RepeatedModels(models.byReference(), problems).check(config);
        Structure structure = models.structure();
        SlicePlanner slices = new SlicePlanner(config, info, models, unfit);
        List<PlannedModule> modules = slices.modules();
        RecipeStatistics statistics = RecipeStatistics.open(config, info, models, options, unfit);
        Optional<TokenizerPlan> tokenizer =
                inOrder.size() < References.all(config).size()
                        ? Optional.empty()
                        : new TokenizerPlanner(config, options, inOrder, unfit).plan();
        if (unfit.hasErrors()) {
            throw everything();
        }

        VocabularyRows rows =
                new VocabularyRows(
                        tokenizer.flatMap(TokenizerPlan::merged), inOrder, structure, problems);
        Map<String, Integer> depths = depths(structure, modules);
        TensorPlanner tensors =
                new TensorPlanner(
                        config,
                        method.orElseThrow(),
                        models,
                        dtype,
                        options.seed(),
                        rows,
                        depths,
                        statistics,
                        problems);
        List<TensorTask> tasks = tensors.plan(modules);
        new FilterNames(config, names(inOrder, tasks), problems).check();
        ForeignBiases.report(inOrder.getFirst(), tasks, problems);
        StackFit.checkVocabulary(tasks, inOrder, config.source(), problems);
        checkNotEmpty(tasks);
        problems.addAll(unfit);
        problems.throwIfErrors();
        LeftOutReasons reasons =
                new LeftOutReasons(config, structure, modules, tensors.unmatched());
        List<LeftOut> leftOut =
                new Completeness(inOrder, modules, reasons, depths, tasks, tensors.inner())
                        .check(problems);
        problems.throwIfErrors();
        List<ModelFolder> folders = models.folders();
        ConfigChanges changes =
                new ConfigPlanner(folders, tasks, dtype).changes(structure, modules, tokenizer);
        new StackKinds(inOrder, structure, options.allowCrimes(), problems).check(changes.stacks());
        QuantisedOutput output =
                QuantisedOutput.of(config, dtype, inOrder, structure, depths, tasks, problems);
        problems.throwIfErrors();
        List<TensorSpec> outputs = output.tasks().stream().map(TensorTask::output).toList();
        return new PlannedMerge(
                config,
                method.orElseThrow(),
                folders,
                config.baseModel().map(Located::value),
                0,
                output.tasks(),
                options.sharding().layout(outputs),
                changes.with(output.settings()),
                options.seed(),
                tokenizer,
                Stream.of(
                                notes(models),
                                slices.notes(),
                                tensors.notes(),
                                output.notes(),
                                statistics.notes())
                        .flatMap(List::stream)
                        .toList(),
                leftOut,
                options.opened().nestedAmong(folders),
                statistics.files());
    }

    private boolean onlyCopies(MethodInfo method) {
        return method.most() == 1
                && ParameterLevel.all(config).stream()
                        .allMatch(l -> l.parameters().settings().isEmpty());
    }

    private static Map<String, Integer> depths(Structure structure, List<PlannedModule> modules) {
        Map<String, Integer> depths = new HashMap<>();
        structure.stacks().forEach(s -> depths.put(s.prefix(), s.layers()));
        modules.forEach(m -> m.stack().ifPresent(s -> depths.put(s.prefix(), m.depth())));
        return depths;
    }

    private void checkNotEmpty(List<TensorTask> tasks) {
        if (tasks.isEmpty() && !problems.hasErrors() && !unfit.hasErrors()) {
            problems.add(
                    Problem.usage(config.source(), "the output would have no tensors")
                            .hint("check the slices and modules of the recipe"));
        }
    }

    // A model's own parameters use its own tensor names, others those of the output.
    private static Set<String> names(List<SourceModel> models, List<TensorTask> tasks) {
        Set<String> names = new LinkedHashSet<>();
        tasks.forEach(t -> names.add(t.output().name()));
        for (SourceModel model : models) {
            model.tensors()
                    .forEach((name, location) ->
                            names.add(
                                    model.isViewed(name) ? name : location.entry().spec().name()));
        }
        return names;
    }

    private static List<String> notes(InputModels models) {
        List<String> notes = new ArrayList<>();
        models.inOrder()
                .forEach(m -> m.renamings().forEach(r -> notes.add(m.label() + ": names " + r)));
        models.inOrder().forEach(m -> ActivationScales.note(m).ifPresent(notes::add));
        notes.addAll(models.textParts().notes());
        return notes;
    }

    private MergeException everything() {
        problems.addAll(unfit);
        return new MergeException(problems.all());
    }
}
