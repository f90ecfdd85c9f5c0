package jmergekit.evolve;

import java.util.List;
import java.util.Optional;
import jmergekit.config.EvolveConfig;
import jmergekit.config.GenomeConfig;
import jmergekit.config.MarkedConfig;
import jmergekit.config.StackConfig;
import jmergekit.model.ModelLocator;
import jmergekit.planner.OutputDType;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// The searched recipes of `mergekit-evolve` files, in a common form.
public final class SearchedRecipes {
    private SearchedRecipes() {}

    /// The recipe of a file, or empty after adding a problem.
    ///
    /// @param models finds the models whose `config.json` has the number of layers; models on the
    ///     hub are looked up there
    public static Optional<SearchedRecipe> of(
            EvolveConfig config, ModelLocator models, Problems problems) {
        LayerCount layers = new LayerCount(models, problems);
        return switch (config.subject()) {
            case GenomeConfig genome -> GenomeRecipe.of(genome, layers, problems);
            case MarkedConfig marked -> marked(marked, models, problems);
            case StackConfig stack -> StackedRecipe.of(stack, layers, problems);
        };
    }

    private static Optional<SearchedRecipe> marked(
            MarkedConfig config, ModelLocator models, Problems problems) {
        List<Problem> missing =
                config.options().stream()
                        .filter(option -> models.misses(option.value().path()))
                        .map(option ->
                                Problem.recipe(option.at(), "no such model folder")
                                        .found("'" + option.value().path() + "'"))
                        .toList();
        missing.forEach(problems::add);
        // The dtype 'nothing' means the dtype of the models.
        boolean known =
                config.dtypes().stream()
                        .filter(dtype -> !dtype.value().equals("nothing"))
                        .filter(dtype ->
                                OutputDType.parse("dtype", Optional.of(dtype), problems).isEmpty())
                        .findAny()
                        .isEmpty();
        return known && missing.isEmpty() ? Optional.of(MarkedRecipe.of(config)) : Optional.empty();
    }
}
