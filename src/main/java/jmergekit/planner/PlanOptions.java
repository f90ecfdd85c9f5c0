package jmergekit.planner;

import jmergekit.method.MergeMethods;
import jmergekit.model.ModelLocator;
import jmergekit.shards.Sharding;

/// Planning options from the command line.
///
/// @param models finds the models that a recipe names
/// @param opened keeps the models that are opened
/// @param methods that recipes may name
/// @param allowCrimes whether models of different architectures may be merged
/// @param sharding how the weights are divided into files
/// @param seed of random methods
/// @param experts the requested layout of the output's experts
public record PlanOptions(
        ModelLocator models,
        OpenedModels opened,
        MergeMethods methods,
        boolean allowCrimes,
        Sharding sharding,
        long seed,
        WantedExperts experts) {
    /// Experts keep the layout of the model that the output's config.json comes from.
    public PlanOptions(
            ModelLocator models,
            OpenedModels opened,
            MergeMethods methods,
            boolean allowCrimes,
            Sharding sharding,
            long seed) {
        this(models, opened, methods, allowCrimes, sharding, seed, WantedExperts.BASE);
    }

    /// A copy with another layout of experts.
    public PlanOptions with(WantedExperts layout) {
        return new PlanOptions(models, opened, methods, allowCrimes, sharding, seed, layout);
    }

    /// A copy that finds models in another way, with none opened yet.
    public PlanOptions with(ModelLocator locator) {
        return new PlanOptions(
                locator, new OpenedModels(), methods, allowCrimes, sharding, seed, experts);
    }

    /// Options for a single plan with these methods.
    public PlanOptions(
            ModelLocator models,
            MergeMethods methods,
            boolean allowCrimes,
            Sharding sharding,
            long seed) {
        this(models, new OpenedModels(), methods, allowCrimes, sharding, seed);
    }

    /// Options for a single plan with the built-in methods.
    public PlanOptions(ModelLocator models, boolean allowCrimes, Sharding sharding, long seed) {
        this(models, new OpenedModels(), MergeMethods.builtIn(), allowCrimes, sharding, seed);
    }
}
