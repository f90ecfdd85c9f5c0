package jmergekit.evolve;

import java.util.List;
import jmergekit.config.MarkedConfig;
import jmergekit.search.Point;
import jmergekit.search.Space;

/// A recipe with search marks.
record MarkedRecipe(MarkedConfig config, Space space) implements SearchedRecipe {
    static MarkedRecipe of(MarkedConfig config) {
        return new MarkedRecipe(config, new Space(config.variables()));
    }

    @Override
    public String recipe(Point point) {
        return config.recipe(point.list());
    }

    @Override
    public List<Baseline> baselines() {
        return new Baselines(
                        config.parents(),
                        config.base(),
                        config.equal(),
                        config.dtype(),
                        config.vocabulary())
                .list();
    }
}
