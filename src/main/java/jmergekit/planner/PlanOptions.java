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
public record PlanOptions(
        ModelLocator models,
        OpenedModels opened,
        MergeMethods methods,
        boolean allowCrimes,
        Sharding sharding,
        long seed) {
    /// The same for models that are found in another way, none of them opened yet.
    public PlanOptions with(ModelLocator locator) {
        return new PlanOptions(locator, new OpenedModels(), methods, allowCrimes, sharding, seed);
    }

    /// Of a single plan with the methods that come with the program.
    public PlanOptions(ModelLocator models, boolean allowCrimes, Sharding sharding, long seed) {
        this(models, new OpenedModels(), MergeMethods.builtIn(), allowCrimes, sharding, seed);
    }
}
