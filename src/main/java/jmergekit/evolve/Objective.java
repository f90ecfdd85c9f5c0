package jmergekit.evolve;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import jmergekit.evaluate.Score;
import jmergekit.page.Numbers;

/// The objective: the weighted mean of the tasks' scores, negated for tasks where lower is better.
///
/// @param weights by task, in the file's order; not all 0
public record Objective(Map<String, Double> weights) {
    public Objective {
        weights = new LinkedHashMap<>(weights);
    }

    /// Restricted to tasks that have scores, for example on held-out items.
    Objective of(Set<String> tasks) {
        Map<String, Double> left = new LinkedHashMap<>(weights);
        left.keySet().retainAll(tasks);
        return new Objective(left);
    }

    private double total() {
        return weights.values().stream().mapToDouble(Math::abs).sum();
    }

    List<String> tasks() {
        return List.copyOf(weights.keySet());
    }

    /// The objective of one model; higher is better.
    double of(Map<String, Score> scores) {
        double sum = 0;
        for (Map.Entry<String, Double> task : weights.entrySet()) {
            sum += task.getValue() * oriented(scores, task.getKey());
        }
        return sum / total();
    }

    /// The effect on the objective of a difference of one in a task's score.
    double share(String task, boolean higherIsBetter) {
        return (higherIsBetter ? 1 : -1) * weights.get(task) / total();
    }

    /// The scores of the tasks with a weight, higher is better.
    double[] each(Map<String, Score> scores) {
        return weights.entrySet().stream()
                .filter(e -> e.getValue() != 0)
                .mapToDouble(e -> Math.signum(e.getValue()) * oriented(scores, e.getKey()))
                .toArray();
    }

    /// The number of tasks with a weight.
    int count() {
        return (int) weights.values().stream().filter(w -> w != 0).count();
    }

    private static double oriented(Map<String, Score> scores, String task) {
        Score score = scores.get(task);
        return score.higherIsBetter() ? score.value() : -score.value();
    }

    /// A description of the objective.
    public String text() {
        boolean even = weights.values().stream().distinct().count() == 1;
        return even
                ? "mean of " + String.join(", ", tasks())
                : weights.entrySet().stream()
                        .map(e ->
                                "%s × %s".formatted(Numbers.significant(e.getValue()), e.getKey()))
                        .collect(Collectors.joining(" + ", "weighted mean: ", ""));
    }
}
