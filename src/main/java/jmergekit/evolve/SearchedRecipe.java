package jmergekit.evolve;

import java.util.List;
import jmergekit.search.Point;
import jmergekit.search.Space;

/// A recipe with values to be searched.
public interface SearchedRecipe {
    /// The search space.
    Space space();

    /// The recipe for a point, in YAML: complete, with the models' names as given.
    String recipe(Point point);

    /// What a result has to beat: each model, all of them in equal parts, and the base. Some of
    /// these recipes may turn out not to fit the models.
    List<Baseline> baselines();

    /// A model to compare with.
    ///
    /// @param name shown to users, such as the model's name or `equal weights`
    /// @param recipe in YAML
    /// @param kind what it is
    record Baseline(String name, String recipe, Kind kind) {}

    /// The types of model to compare with.
    enum Kind {
        /// A model that goes into the merge.
        PARENT,
        /// The base that is the reference for task vectors.
        BASE,
        /// All models with the same weight.
        EQUAL
    }
}
