package jmergekit.planner;

import java.util.Optional;
import jmergekit.method.MethodInfo;
import jmergekit.method.MethodInfo.Base;
import jmergekit.problem.Location;
import jmergekit.problem.Problem;

/// The number of models that a method takes.
final class ModelCount {
    private ModelCount() {}

    /// `exactly two models, base included`
    static String text(MethodInfo method) {
        int base = method.base() == Base.REQUIRED ? 1 : 0;
        String included =
                switch (method.base()) {
                    case ORDINARY -> "";
                    case OPTIONAL -> ", besides an optional base model";
                    case REQUIRED -> ", base included";
                };
        int least = method.least() + base;
        if (method.least() == method.most()) {
            return "exactly " + count(least) + included;
        }
        return method.most() == Integer.MAX_VALUE
                ? "at least " + count(least) + included
                : "from %d to %s%s".formatted(least, count(method.most() + base), included);
    }

    /// The error for a wrong number of models, if it is wrong.
    ///
    /// @param inputs the number of models, including the base
    /// @param withBase whether one of them is a base model that the method treats separately
    static Optional<Problem> problem(MethodInfo method, int inputs, boolean withBase, Location at) {
        if (isRight(method, inputs, withBase)) {
            return Optional.empty();
        }
        int count = inputs - (withBase ? 1 : 0);
        return Optional.of(
                Problem.recipe(
                                at,
                                "wrong number of models for merge method '%s'"
                                        .formatted(method.name()))
                        .expected(text(method))
                        .found(
                                withBase
                                        ? count + " besides the base model"
                                        : String.valueOf(count)));
    }

    static boolean isRight(MethodInfo method, int inputs, boolean withBase) {
        int count = inputs - (withBase ? 1 : 0);
        return count >= method.least() && count <= method.most();
    }

    private static String count(int n) {
        return switch (n) {
            case 1 -> "one model";
            case 2 -> "two models";
            case 3 -> "three models";
            default -> n + " models";
        };
    }
}
