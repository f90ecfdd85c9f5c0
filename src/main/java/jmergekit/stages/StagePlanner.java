package jmergekit.stages;

import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import jmergekit.config.MultiConfig;
import jmergekit.config.MultiConfig.Stage;
import jmergekit.config.MultiConfig.StageRecipe;
import jmergekit.model.ModelReference;
import jmergekit.output.MergedModel;
import jmergekit.output.MixtureModel;
import jmergekit.output.OutputConfig;
import jmergekit.output.OutputPlanner;
import jmergekit.output.PlannedOutput;
import jmergekit.plan.Source;
import jmergekit.planner.PlanOptions;
import jmergekit.planner.PlannedMerge;
import jmergekit.planner.TokenizerPlan;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Plans the recipes of a file.
///
/// @param copyTokenizer whether the tokenizer's files are copied to the outputs
/// @param allowSameModel whether all experts of a mixture may be the same model
public record StagePlanner(
        MultiConfig config, StageGraph graph, boolean copyTokenizer, boolean allowSameModel) {
    private static final String WRITE_IT =
            "use --intermediate-dir, so that it is written there and read by the recipes that use it";

    /// Plans a stage whose inputs from other stages are in folders.
    ///
    /// @param folders of the stages that it needs, by name
    /// @throws MergeException with everything that is wrong with it
    public PlannedOutput planFromFolders(
            Stage stage, PlanOptions options, Map<String, Path> folders, Problems problems) {
        return plan(stage, options.with(options.models().withNamed(folders)), problems);
    }

    private PlannedOutput plan(Stage stage, PlanOptions options, Problems problems) {
        OutputPlanner planner = new OutputPlanner(options, copyTokenizer, problems);
        // The recipe on the card can then be run as it is.
        boolean isAlone = graph.needs(stage).isEmpty();
        return switch (stage.recipe()) {
            case StageRecipe.Merge(var merge) ->
                    planner.merge(isAlone ? merge : merge.withText(config.text()));
            case StageRecipe.Mixture(var mixture) ->
                    planner.mixture(
                            isAlone ? mixture : mixture.withText(config.text()), allowSameModel);
        };
    }

    /// Plans the stages that no other one needs. The stages that they need become models inside
    /// their plans, for which no file is written.
    ///
    /// @param folders for temporary files that are needed until the outputs are fully planned
    /// @param problems receives warnings
    /// @return the plans of the last stages
    /// @throws MergeException with everything that is wrong with any stage
    public Map<Stage, PlannedOutput> planInOnePass(
            PlanOptions options, PlaceholderFolders folders, Problems problems) {
        Map<Stage, PlannedOutput> planned = new IdentityHashMap<>();
        Problems wrong = new Problems();
        MadeTokenizers tokenizers = new MadeTokenizers(folders);
        for (Stage stage : graph.inOrder()) {
            if (planned.keySet().containsAll(graph.needs(stage))) {
                inOnePass(stage, options, tokenizers, problems, wrong)
                        .ifPresent(output -> planned.put(stage, output));
            }
        }
        wrong.throwIfErrors();
        planned.keySet().retainAll(graph.last());
        return planned;
    }

    private Optional<PlannedOutput> inOnePass(
            Stage stage,
            PlanOptions options,
            MadeTokenizers tokenizers,
            Problems problems,
            Problems wrong) {
        Problems own = new Problems();
        try {
            checkAdapters(stage);
            PlannedOutput output = plan(stage, options, own);
            own.throwIfErrors();
            if (output instanceof MixtureModel mixture) {
                checkGates(stage, mixture);
            }
            if (!graph.last().contains(stage)) {
                nest(stage, output, options, tokenizers);
            }
            problems.addAll(own);
            return Optional.of(output);
        } catch (MergeException e) {
            wrong.add(e);
            return Optional.empty();
        }
    }

    private void checkAdapters(Stage stage) {
        Problems problems = new Problems();
        graph.adaptersOf(stage)
                .forEach(reference ->
                        problems.add(
                                Problem.recipe(
                                                reference.at(),
                                                "'%s' uses a recipe of this file as an adapter, but adapters must be in a folder"
                                                        .formatted(reference.value()))
                                        .hint(WRITE_IT)));
        problems.throwIfErrors();
    }

    // Gates are computed before any tensor is made.
    private static void checkGates(Stage stage, MixtureModel model) {
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
                                    "the gates or the tokenizer of %s need '%s', which is only made during the same run"
                                            .formatted(
                                                    stage.label(),
                                                    model.mixture().base().reference()))
                            .hint(WRITE_IT));
        }
    }

    private static void nest(
            Stage stage, PlannedOutput output, PlanOptions options, MadeTokenizers tokenizers) {
        if (!(output instanceof MergedModel(PlannedMerge merge, boolean _))) {
            String what = output instanceof MixtureModel ? "a mixture of experts" : "an adapter";
            throw new MergeException(
                    Problem.recipe(
                                    stage.at(),
                                    "%s makes %s, which cannot be made inside another recipe"
                                            .formatted(stage.label(), what))
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
}
