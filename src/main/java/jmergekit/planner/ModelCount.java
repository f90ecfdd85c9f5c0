package jmergekit.planner;

import jmergekit.method.MethodInfo;
import jmergekit.method.MethodInfo.Base;

/// Says how many models a method takes.
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

    private static String count(int n) {
        return switch (n) {
            case 1 -> "one model";
            case 2 -> "two models";
            case 3 -> "three models";
            default -> n + " models";
        };
    }
}
