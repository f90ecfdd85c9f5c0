package jmergekit.planner;

import java.util.Optional;
import jmergekit.config.Located;
import jmergekit.config.MergeConfig;
import jmergekit.method.MergeMethod;
import jmergekit.method.MergeMethods;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;

/// Finds the merge method that a recipe names.
public final class RecipeMethod {
    private RecipeMethod() {}

    /// The method; a problem if there is none of that name.
    public static Optional<MergeMethod> of(MergeConfig config, Problems problems) {
        Located<String> name = config.mergeMethod();
        Optional<MergeMethod> method = MergeMethods.named(name.value());
        if (method.isEmpty()) {
            problems.add(
                    Problem.recipe(
                                    name.at(),
                                    "unknown merge method '%s'%s"
                                            .formatted(
                                                    name.value(),
                                                    Suggestion.didYouMean(
                                                            name.value(), MergeMethods.names())))
                            .expected("one of " + String.join(", ", MergeMethods.names())));
        }
        return method;
    }
}
