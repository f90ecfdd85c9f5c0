package jmergekit;

import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import jmergekit.config.MergeConfig;
import jmergekit.config.MixtureReader;
import jmergekit.config.RecipeKind;
import jmergekit.config.RecipeReader;
import jmergekit.model.ModelReference;
import jmergekit.output.MergedModel;
import jmergekit.output.OutputConfig;
import jmergekit.output.OutputPlanner;
import jmergekit.output.PlannedOutput;
import jmergekit.planner.PlanOptions;
import jmergekit.planner.PlannedMerge;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Plans a recipe and the recipes that are used as its models.
///
/// @param options must have opened models that no other recipe uses
/// @param problems receives warnings
/// @param inner the planned recipes inside this one; each is planned once, however often it is used
record RecipePlanner(
        Path workingDirectory,
        PlanOptions options,
        PlanSettings settings,
        Problems problems,
        Map<Recipe, PlannedMerge> inner) {
    RecipePlanner(
            Path workingDirectory, PlanOptions options, PlanSettings settings, Problems problems) {
        this(workingDirectory, options, settings, problems, new IdentityHashMap<>());
    }

    PlannedOutput plan(Recipe recipe) {
        return plan(recipe, recipe.source());
    }

    /// @param source what messages call the recipe
    private PlannedOutput plan(Recipe recipe, String source) {
        recipe.inner().forEach(this::nest);
        OutputPlanner planner = new OutputPlanner(options, settings.copyTokenizer(), problems);
        if (RecipeKind.isMixture(source, recipe.text())) {
            return new MixtureReader(workingDirectory)
                    .read(source, recipe.text(), problems)
                    .map(config -> planner.mixture(config, settings.allowSameModel()))
                    .orElseThrow(() -> new MergeException(problems.all()));
        }
        Optional<MergeConfig> read =
                new RecipeReader(workingDirectory, options.methods())
                        .read(source, recipe.text(), problems);
        return planner.merge(read.orElseThrow(() -> new MergeException(problems.all())));
    }

    private void nest(String name, Recipe recipe) {
        PlannedMerge merge = inner.get(recipe);
        if (merge == null) {
            merge = merge(name, recipe);
            inner.put(recipe, merge);
        }
        options.opened().nest(ModelReference.of(name), merge, OutputConfig.json(merge));
    }

    private PlannedMerge merge(String name, Recipe recipe) {
        PlanOptions own =
                new PlanOptions(
                        options.models(),
                        options.opened().withoutNested(),
                        options.methods(),
                        options.allowCrimes(),
                        options.sharding(),
                        options.seed(),
                        options.experts());
        PlannedOutput planned =
                new RecipePlanner(workingDirectory, own, settings, problems, inner)
                        .plan(recipe, name);
        if (!(planned instanceof MergedModel(PlannedMerge merge, boolean _))) {
            throw new MergeException(Problem.usage(name, "a nested recipe must describe a merge"));
        }
        return merge;
    }
}
