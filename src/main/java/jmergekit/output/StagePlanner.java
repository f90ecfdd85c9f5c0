package jmergekit.output;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jmergekit.config.MultiConfig;
import jmergekit.config.MultiConfig.Stage;
import jmergekit.config.MultiConfig.StageRecipe;
import jmergekit.model.ModelReference;
import jmergekit.plan.Source;
import jmergekit.planner.PlanOptions;
import jmergekit.planner.PlannedMerge;
import jmergekit.planner.TokenizerPlan;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Plans recipes of which some use what others make: as models inside the plans of those, which no file
/// is written for.
public final class StagePlanner implements AutoCloseable {
    private static final String WRITE_IT =
            "give --intermediate-dir: then it is written there, and read by those that use it";

    private final MultiConfig config;
    private final StageGraph graph;
    private final PlanOptions options;
    private final boolean copyTokenizer;
    private final boolean allowSameModel;
    private final Map<Stage, PlannedOutput> planned = new HashMap<>();
    private final Set<Stage> failed = new HashSet<>();
    private final MadeTokenizers tokenizers = new MadeTokenizers();

    /// @param copyTokenizer whether the tokenizer's files go into the outputs
    /// @param allowSameModel whether all experts of a mixture may be one model
    public StagePlanner(
            MultiConfig config,
            StageGraph graph,
            PlanOptions options,
            boolean copyTokenizer,
            boolean allowSameModel) {
        this.config = config;
        this.graph = graph;
        this.options = options;
        this.copyTokenizer = copyTokenizer;
        this.allowSameModel = allowSameModel;
    }

    /// The plan of a stage, with those that it needs inside.
    ///
    /// @param problems hears of what is odd and no reason to stop
    /// @throws MergeException with everything that is wrong with any stage
    public PlannedOutput plan(Stage stage, Problems problems) {
        planAll(problems, false);
        return planned.get(stage);
    }

    /// Looks for what is wrong with any stage. Those that read a mixture or an adapter of another one
    /// cannot be looked at before that is there.
    ///
    /// @throws MergeException with all of it
    public void check() {
        planAll(new Problems(), true);
    }

    private void planAll(Problems problems, boolean isStored) {
        Problems wrong = new Problems();
        for (Stage stage : graph.inOrder()) {
            boolean isNew = !planned.containsKey(stage) && !failed.contains(stage);
            if (isNew && graph.leadingTo(stage).stream().noneMatch(failed::contains)) {
                plan(stage, problems, wrong, isStored);
            } else if (isNew) {
                failed.add(stage);
            }
        }
        wrong.throwIfErrors();
    }

    private void plan(Stage stage, Problems problems, Problems wrong, boolean isStored) {
        Problems own = new Problems();
        try {
            PlannedOutput output = output(stage, options, own);
            own.throwIfErrors();
            planned.put(stage, output);
            problems.addAll(own);
        } catch (MergeException e) {
            failed.add(stage);
            wrong.add(e);
            return;
        }
        if (!graph.last().contains(stage)) {
            try {
                nest(stage, planned.get(stage));
            } catch (MergeException e) {
                // What cannot be inside another recipe can be read by it.
                failed.add(stage);
                if (!isStored) {
                    wrong.add(e);
                }
            }
        }
    }

    /// The plan of a stage that reads those that it needs from folders.
    ///
    /// @param folders of the stages before it, by name
    public PlannedOutput plan(
            Stage stage, PlanOptions own, Map<String, Path> folders, Problems problems) {
        return output(stage, own.with(own.models().withNamed(folders)), problems);
    }

    private PlannedOutput output(Stage stage, PlanOptions own, Problems problems) {
        OutputPlanner planner = new OutputPlanner(own, copyTokenizer, problems);
        boolean isWhole = graph.leadingTo(stage).isEmpty();
        return switch (stage.recipe()) {
            case StageRecipe.Merge(var merge) ->
                    planner.merge(isWhole ? merge : merge.withText(config.text()));
            case StageRecipe.Mixture(var mixture) ->
                    checked(
                            stage,
                            (MixtureModel)
                                    planner.mixture(
                                            isWhole ? mixture : mixture.withText(config.text()),
                                            allowSameModel));
        };
    }

    // Gates are computed before anything is made.
    private static PlannedOutput checked(Stage stage, MixtureModel model) {
        boolean readsMade =
                model.mixture()
                        .sources()
                        .flatMap(Source::all)
                        .anyMatch(Source.Made.class::isInstance);
        PlannedMerge base = model.mixture().nested().get(model.mixture().base().reference());
        if (readsMade || base != null && base.outputTokenizer().isPresent()) {
            throw new MergeException(
                    Problem.recipe(
                                    stage.at(),
                                    "the gates or the tokenizer of %s need '%s', which is only made with it"
                                            .formatted(
                                                    stage.label(),
                                                    model.mixture().base().reference()))
                            .hint(WRITE_IT));
        }
        return model;
    }

    private void nest(Stage stage, PlannedOutput output) {
        if (!(output instanceof MergedModel(PlannedMerge merge, boolean _))) {
            throw new MergeException(
                    Problem.recipe(
                                    stage.at(),
                                    "%s makes %s, which cannot be made inside another recipe"
                                            .formatted(
                                                    stage.label(),
                                                    output instanceof MixtureModel
                                                            ? "a mixture of experts"
                                                            : "an adapter"))
                            .hint(WRITE_IT));
        }
        Optional<Path> tokenizer =
                merge.outputTokenizer().map(TokenizerPlan::files).map(tokenizers::write);
        options.opened()
                .nest(
                        ModelReference.of(stage.name().orElseThrow()),
                        merge,
                        OutputConfig.json(merge),
                        tokenizer);
    }

    /// Removes what is only for planning. Plans made by then can be carried out all the same.
    @Override
    public void close() {
        tokenizers.close();
    }
}
