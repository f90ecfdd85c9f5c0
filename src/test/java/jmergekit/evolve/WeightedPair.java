package jmergekit.evolve;

import java.util.List;
import java.util.Locale;
import jmergekit.search.Point;
import jmergekit.search.Space;
import jmergekit.search.Variable;

/// Task arithmetic with two weights in [0, 1], of the models `base`, `one` and `two`.
record WeightedPair() implements SearchedRecipe {
    @Override
    public Space space() {
        return new Space(
                List.of(
                        new Variable.Real("one", 0, 1, false, 0.5),
                        new Variable.Real("two", 0, 1, false, 0.5)));
    }

    @Override
    public String recipe(Point point) {
        return """
        merge_method: task_arithmetic
        base_model: base
        models:
          - model: one
            parameters: {weight: %s}
          - model: two
            parameters: {weight: %s}
        dtype: float32
        """
                .formatted(text(point.get(0)), text(point.get(1)));
    }

    // Coarse, so that candidates come twice.
    private static String text(double weight) {
        return String.format(Locale.ROOT, "%.2f", weight);
    }

    @Override
    public List<Baseline> baselines() {
        return List.of(
                new Baseline("one", copyOf("one"), Kind.PARENT),
                new Baseline("two", copyOf("two"), Kind.PARENT),
                new Baseline("base", copyOf("base"), Kind.BASE),
                new Baseline("equal weights", recipe(new Point(0.5, 0.5)), Kind.EQUAL));
    }

    private static String copyOf(String model) {
        return "{merge_method: passthrough, models: [{model: " + model + "}], dtype: float32}";
    }
}
