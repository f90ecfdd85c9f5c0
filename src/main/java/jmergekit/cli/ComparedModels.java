package jmergekit.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.compare.ComparedModel;
import jmergekit.config.MergeConfig;
import jmergekit.config.RecipeReader;
import jmergekit.engine.BoundPlan;
import jmergekit.hub.FetchList;
import jmergekit.model.Adapter;
import jmergekit.model.ModelFolder;
import jmergekit.model.ModelLocator;
import jmergekit.model.ModelSources;
import jmergekit.output.MergedModel;
import jmergekit.output.OutputPlanner;
import jmergekit.output.PlannedOutput;
import jmergekit.planner.PlanOptions;
import jmergekit.planner.WantedExperts;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.shards.ShardFormat;
import jmergekit.shards.Sharding;
import jmergekit.weights.JsonTree;

/// Opens the models to compare, each through a merge recipe with only that model.
///
/// @param problems receives what is wrong with the models
record ComparedModels(Console console, ModelSources sources, Problems problems) {
    // Nothing is written.
    private static final Sharding SHARDING = new Sharding(ShardFormat.SAFETENSORS, Long.MAX_VALUE);

    private static final String RECIPE =
            """
            merge_method: linear
            models:
              - model: %s
                parameters:
                  weight: 1.0
            dtype: float32
            """;

    /// Opens all models, downloading them if needed.
    ///
    /// @param base the model that adapters named without one apply to
    /// @throws MergeException with all problems found
    List<ComparedModel> open(List<String> names, Optional<String> base) {
        FetchList downloads = sources.hub().fetchList();
        List<ComparedModel> models = new ArrayList<>();
        for (String name : names) {
            open(name, base, downloads).ifPresent(models::add);
        }
        downloads.check(problems);
        problems.throwIfErrors();
        downloads.run();
        return models;
    }

    private Optional<ComparedModel> open(String name, Optional<String> base, FetchList downloads) {
        Problems own = new Problems();
        try {
            ModelLocator locator =
                    new ModelLocator(console.workingDirectory(), sources).refusing(List.of());
            String reference =
                    base.filter(_ -> isAdapter(name, locator))
                            .map(b -> b + "+" + name)
                            .orElse(name);
            Optional<MergeConfig> config =
                    new RecipeReader(console.workingDirectory())
                            .read(name, RECIPE.formatted(quoted(reference)), own);
            if (config.isEmpty()) {
                problems.addAll(own);
                return Optional.empty();
            }
            PlanOptions options =
                    new PlanOptions(locator, true, SHARDING, 0).with(WantedExperts.SPLIT);
            PlannedOutput planned = new OutputPlanner(options, true, own).merge(config.get());
            BoundPlan plan = planned.plan(downloads::missing, Optional.empty());
            downloads.add(plan.weightFiles());
            planned.copied().forEach(downloads::add);
            addAll(own.all());
            return Optional.of(new ComparedModel(name, plan, folder(planned)));
        } catch (MergeException e) {
            addAll(e.problems());
            return Optional.empty();
        }
    }

    // The user did not choose the layout used for comparing, so problems with it are not reported.
    private void addAll(List<Problem> found) {
        found.stream().filter(p -> !p.where().equals("--expert-layout")).forEach(problems::add);
    }

    private static Optional<ModelFolder> folder(PlannedOutput planned) {
        return planned instanceof MergedModel model
                ? Optional.of(model.merge().donorModel())
                : Optional.empty();
    }

    private static boolean isAdapter(String name, ModelLocator locator) {
        return locator.withoutWeights()
                .find(name, Optional.empty(), name, new Problems())
                .filter(f -> f.holds(Adapter.CONFIG) && !f.holds("config.json"))
                .isPresent();
    }

    private static String quoted(String text) {
        return JsonTree.MAPPER.writeValueAsString(text);
    }
}
