package jmergekit.evolve;

import java.util.List;
import jmergekit.search.Point;
import jmergekit.search.Space;

/// A recipe that is not all decided.
public interface SearchedRecipe {
    /// What is left to choose.
    Space space();

    /// The recipe with everything chosen, in YAML: complete, with the models' names as they were given.
    String recipe(Point point);

    /// What a result has to beat: each model as it is, all of them in equal parts, the base. Recipes
    /// that may turn out not to fit the models are among them.
    List<Baseline> baselines();

    /// A model to compare with.
    ///
    /// @param name for people, such as the model's name or `equal weights`
    /// @param recipe in YAML
    /// @param kind what it is
    record Baseline(String name, String recipe, Kind kind) {}

    /// The kinds of model to compare with.
    enum Kind {
        /// A model that goes into the merge.
        PARENT,
        /// The base that task vectors are measured from.
        BASE,
        /// All models with the same weight.
        EQUAL
    }
}
