package jmergekit.recipes;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import jmergekit.model.ModelReference;
import jmergekit.planner.PlanOptions;
import jmergekit.planner.StackDepths;
import jmergekit.problem.ExitCode;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// A model made from randomly drawn layers of several models.
///
/// @param models whose layers are drawn
/// @param weights one for each model: its share of the draws, or with `fullRandom` the fraction of
///     its layers to use
/// @param fullRandom whether layers change their positions
/// @param dtype of the output, if it differs from that of the models
public record LayerShuffle(
        List<ModelReference> models,
        List<Double> weights,
        boolean fullRandom,
        Optional<String> dtype) {
    public LayerShuffle {
        models = List.copyOf(models);
        weights = List.copyOf(weights);
    }

    /// The names of the values on the command line, as in `--model`.
    public record Names(String models, String weights, String fullRandom) {}

    /// Opens the models and draws layers; empty if something is wrong with the models, their
    /// weights or their layers, which is added to `problems`.
    public Optional<ShuffledRecipe> draw(PlanOptions options, Names names, Problems problems) {
        Problems found = new Problems();
        check(names, found);
        // The hub is not contacted if the options have a mistake.
        boolean sound = !found.hasErrors() && !problems.hasErrors(ExitCode.RECIPE);
        Optional<ShuffledRecipe> recipe =
                !sound
                        ? Optional.empty()
                        : StackDepths.of(models, options, found)
                                .flatMap(depths -> drawn(depths, options.seed(), names, found));
        problems.addAll(found);
        return recipe;
    }

    // Checks the options before a model is opened.
    private void check(Names names, Problems problems) {
        if (models.isEmpty()) {
            problems.add(Problem.usage(names.models(), "no model is given").hint(eachModel(names)));
            return;
        }
        if (models.size() != weights.size()) {
            problems.add(
                    Problem.usage(names.weights(), "each model needs one weight")
                            .expected(
                                    "%d, one for each %s".formatted(models.size(), names.models()))
                            .found(String.valueOf(weights.size()))
                            .hint(eachModel(names)));
        }
        weights.forEach(w -> checkWeight(w, names, problems));
        if (!weights.isEmpty() && weights.stream().allMatch(w -> w == 0)) {
            problems.add(
                    Problem.usage(names.weights(), "no model has a weight above 0")
                            .hint("a model with weight 0 contributes no layers"));
        }
    }

    private static String eachModel(Names names) {
        return "give each model and its weight: %s MODEL %s WEIGHT"
                .formatted(names.models(), names.weights());
    }

    private void checkWeight(double weight, Names names, Problems problems) {
        // NaN also fails the comparison with 0.
        boolean sound = weight >= 0 && weight <= (fullRandom ? 1 : Double.MAX_VALUE);
        if (!sound) {
            problems.add(
                    Problem.usage(names.weights(), "is out of range")
                            .expected(
                                    fullRandom
                                            ? "from 0 to 1, with %s the fraction of the model's layers"
                                                    .formatted(names.fullRandom())
                                            : "a number from 0")
                            .found(String.valueOf(weight)));
        }
    }

    private Optional<ShuffledRecipe> drawn(
            List<Integer> depths, long seed, Names options, Problems problems) {
        if (!fullRandom) {
            checkEqual(depths, options, problems);
        }
        if (problems.hasErrors()) {
            return Optional.empty();
        }
        LayerDraw draw = new LayerDraw(seed);
        List<ChosenLayer> layers =
                fullRandom
                        ? draw.anywhere(depths, weights)
                        : draw.inPlace(depths.getFirst(), weights);
        if (layers.isEmpty()) {
            problems.add(
                    Problem.usage(options.weights(), "these fractions select no layers")
                            .found(fractions(depths))
                            .hint("layers times weight is rounded down"));
            return Optional.empty();
        }
        List<String> names = models.stream().map(ModelReference::toString).toList();
        String title = "%s, seed %d\n".formatted(ShuffledRecipe.MARK, seed);
        String recipe = StackRecipe.text(LayerRun.of(names, layers), dtype);
        return Optional.of(new ShuffledRecipe(title + recipe, counts(names, layers)));
    }

    private void checkEqual(List<Integer> depths, Names names, Problems problems) {
        for (int i = 1; i < depths.size(); i++) {
            if (!depths.get(i).equals(depths.getFirst())) {
                problems.add(
                        Problem.usage(
                                        models.get(i).toString(),
                                        "models of different depth: not every layer has a"
                                                + " counterpart")
                                .expected(
                                        "%d layers as in '%s'"
                                                .formatted(depths.getFirst(), models.getFirst()))
                                .found(String.valueOf(depths.get(i)))
                                .hint(names.fullRandom() + " works with models of any depth"));
            }
        }
    }

    private String fractions(List<Integer> depths) {
        List<String> products = new ArrayList<>();
        for (int i = 0; i < depths.size(); i++) {
            products.add(
                    "%s of %d layers of '%s'"
                            .formatted(weights.get(i), depths.get(i), models.get(i)));
        }
        return String.join(", ", products);
    }

    private String counts(List<String> names, List<ChosenLayer> layers) {
        List<String> counts = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            int model = i;
            long drawn = layers.stream().filter(l -> l.model() == model).count();
            counts.add("%d of %s".formatted(drawn, names.get(i)));
        }
        return "layers drawn: " + String.join(", ", counts) + (fullRandom ? "" : shares());
    }

    // Printed only if they differ from what the user wrote.
    private String shares() {
        // Divided by the largest weight first, because the sum of two can overflow a double.
        double largest = weights.stream().mapToDouble(w -> w).max().orElseThrow();
        double sum = weights.stream().mapToDouble(w -> w / largest).sum();
        return Math.abs(sum * largest - 1) < 1e-9
                ? ""
                : weights.stream()
                        .map(w -> String.format(Locale.ROOT, "%.3f", w / largest / sum))
                        .collect(Collectors.joining(", ", "; weights as probabilities: ", ""));
    }
}
