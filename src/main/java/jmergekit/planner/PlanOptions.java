package jmergekit.planner;

import jmergekit.method.MergeMethods;
import jmergekit.model.ModelLocator;
import jmergekit.shards.Sharding;

/// What the command line says about planning.
///
/// @param models finds the models that a recipe names
/// @param opened keeps the models that are opened
/// @param methods that recipes may name
/// @param allowCrimes whether models of different architectures may be mixed
/// @param sharding how the weights are put into files
/// @param seed of random methods
/// @param experts the layout that experts of the output are wanted in
public record PlanOptions(
        ModelLocator models,
        OpenedModels opened,
        MergeMethods methods,
        boolean allowCrimes,
        Sharding sharding,
        long seed,
        WantedExperts experts) {
    /// In the layout of the model that the output's config.json comes from.
    public PlanOptions(
            ModelLocator models,
            OpenedModels opened,
            MergeMethods methods,
            boolean allowCrimes,
            Sharding sharding,
            long seed) {
        this(models, opened, methods, allowCrimes, sharding, seed, WantedExperts.BASE);
    }

    /// The same with experts in a layout.
    public PlanOptions with(WantedExperts layout) {
        return new PlanOptions(models, opened, methods, allowCrimes, sharding, seed, layout);
    }

    /// The same for models that are found in another way, none of them opened yet.
    public PlanOptions with(ModelLocator locator) {
        return new PlanOptions(
                locator, new OpenedModels(), methods, allowCrimes, sharding, seed, experts);
    }

    /// Of a single plan with the methods that come with the program.
    public PlanOptions(ModelLocator models, boolean allowCrimes, Sharding sharding, long seed) {
        this(models, new OpenedModels(), MergeMethods.builtIn(), allowCrimes, sharding, seed);
    }
}
