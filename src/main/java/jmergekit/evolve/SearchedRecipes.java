package jmergekit.evolve;

import java.util.Optional;
import jmergekit.config.EvolveConfig;
import jmergekit.config.GenomeConfig;
import jmergekit.config.MarkedConfig;
import jmergekit.config.StackConfig;
import jmergekit.model.ModelLocator;
import jmergekit.problem.Problems;

/// What the files for `mergekit-evolve` search, in one form.
public final class SearchedRecipes {
    private SearchedRecipes() {}

    /// The recipe of a file, or empty after adding a problem.
    ///
    /// @param models finds the models whose `config.json` says how many layers there are; one of the
    ///     hub is looked at there
    public static Optional<SearchedRecipe> of(
            EvolveConfig config, ModelLocator models, Problems problems) {
        LayerCount layers = new LayerCount(models, problems);
        return switch (config.subject()) {
            case GenomeConfig genome -> GenomeRecipe.of(genome, layers, problems);
            case MarkedConfig marked -> Optional.of(MarkedRecipe.of(marked));
            case StackConfig stack -> StackedRecipe.of(stack, layers, problems);
        };
    }
}
