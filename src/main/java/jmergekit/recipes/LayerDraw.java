package jmergekit.recipes;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jmergekit.tile.CounterRandom;

/// Draws layers at random. All draws depend on the seed and on their purpose, so that the same seed
/// gives the same layers.
///
/// @param seed of all draws
record LayerDraw(long seed) {
    /// For each position, the layer with the same number from a randomly drawn model.
    ///
    /// @param layers the number of layers in each model
    /// @param weights of the models: finite, not negative, not all zero. A model is drawn with a
    ///     probability of its share of their sum
    List<ChosenLayer> inPlace(int layers, List<Double> weights) {
        long key = CounterRandom.key(seed, "models of layers", 0);
        double[] limits = limits(weights);
        List<ChosenLayer> chosen = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            double drawn = CounterRandom.uniform(key, layer) * limits[limits.length - 1];
            int model = 0;
            while (drawn >= limits[model]) {
                model++;
            }
            chosen.add(new ChosenLayer(model, layer));
        }
        return chosen;
    }

    // The cumulative sums of the weights after division by the largest weight, because the sum of
    // two weights can overflow a double.
    private static double[] limits(List<Double> weights) {
        double largest = weights.stream().mapToDouble(w -> w).max().orElseThrow();
        double[] limits = new double[weights.size()];
        double sum = 0;
        for (int i = 0; i < limits.length; i++) {
            sum += weights.get(i) / largest;
            limits[i] = sum;
        }
        return limits;
    }

    /// Some layers of each model, in random order.
    ///
    /// @param depths of the models
    /// @param fractions from 0 to 1: the share of each model's layers that are used, rounded down,
    ///     each at most once
    List<ChosenLayer> anywhere(List<Integer> depths, List<Double> fractions) {
        List<ChosenLayer> chosen = new ArrayList<>();
        for (int model = 0; model < depths.size(); model++) {
            int depth = depths.get(model);
            int count = count(depth, fractions.get(model));
            int[] order = shuffled(depth, CounterRandom.key(seed, "layers of a model", model));
            for (int i = 0; i < count; i++) {
                chosen.add(new ChosenLayer(model, order[i]));
            }
        }
        int[] order = shuffled(chosen.size(), CounterRandom.key(seed, "order of layers", 0));
        return Arrays.stream(order).mapToObj(chosen::get).toList();
    }

    // Computed with the decimal that the user wrote: with a binary fraction, 0.58 of 50 is less
    // than 29.
    private static int count(int depth, double fraction) {
        return BigDecimal.valueOf(fraction).multiply(BigDecimal.valueOf(depth)).intValue();
    }

    // Fisher-Yates: every order is equally likely.
    private static int[] shuffled(int count, long key) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int other = (int) (CounterRandom.uniform(key, i) * (i + 1));
            order[i] = order[other];
            order[other] = i;
        }
        return order;
    }
}
