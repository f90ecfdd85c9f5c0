package jmergekit.planner;

import java.util.Optional;
import jmergekit.config.Located;
import jmergekit.config.MergeConfig;
import jmergekit.method.MergeMethod;
import jmergekit.method.MergeMethods;
import jmergekit.method.MethodInfo.Base;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;

/// Finds the merge method that a recipe names.
public final class RecipeMethod {
    private RecipeMethod() {}

    /// The built-in method that the recipe names; an error if there is none of that name.
    public static Optional<MergeMethod> of(MergeConfig config, Problems problems) {
        return of(config, MergeMethods.builtIn(), problems);
    }

    /// The method among `methods` that the recipe names; an error if there is none of that name.
    public static Optional<MergeMethod> of(
            MergeConfig config, MergeMethods methods, Problems problems) {
        Located<String> name = config.mergeMethod();
        Optional<MergeMethod> method = methods.named(name.value());
        if (method.isEmpty()) {
            problems.add(
                    Problem.recipe(
                                    name.at(),
                                    "unknown merge method '%s'%s"
                                            .formatted(
                                                    name.value(),
                                                    Suggestion.didYouMean(
                                                            name.value(), methods.names())))
                            .expected("one of " + String.join(", ", methods.names())));
        }
        return method;
    }

    /// The same, with an error if the method or `default` needs a base model and the recipe does not
    /// name one.
    static Optional<MergeMethod> withBase(
            MergeConfig config, MergeMethods methods, Problems problems) {
        Optional<MergeMethod> method = of(config, methods, problems);
        if (method.isPresent()
                && method.get().info().base() == Base.REQUIRED
                && References.bases(config).isEmpty()) {
            Located<String> name = config.mergeMethod();
            problems.add(
                    Problem.recipe(
                                    name.at(),
                                    "merge method '%s' needs a base model".formatted(name.value()))
                            .hint("name it with 'base_model'"));
        } else if (config.defaultBase().isPresent() && References.bases(config).isEmpty()) {
            problems.add(
                    Problem.recipe(config.defaultBase().get(), "'default: base' needs a base model")
                            .hint("name it with 'base_model'"));
        }
        return method;
    }
}
