package jmergekit.evaluate;

import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/// A model's score in a task.
///
/// @param value of the metric
/// @param standardError of the value, if known
/// @param higherIsBetter whether a greater value means a better model
/// @param items the score of each item, in the order of the items, so that models can be compared
///     item by item; empty if not known. Their mean may differ from the value.
public record Score(
        double value, OptionalDouble standardError, boolean higherIsBetter, double[] items) {
    /// A score with only a value.
    public static Score of(double value) {
        return new Score(value, OptionalDouble.empty(), true, new double[0]);
    }

    /// The mean of at least one item score; greater is better.
    static Score mean(double[] items) {
        double mean = DoubleStream.of(items).average().orElseThrow();
        double[] residuals = DoubleStream.of(items).map(v -> v - mean).toArray();
        return new Score(mean, standardError(residuals), true, items);
    }

    /// The standard error of a mean, from the residuals; empty for a single value.
    static OptionalDouble standardError(double[] residuals) {
        int n = residuals.length;
        double squares = DoubleStream.of(residuals).map(r -> r * r).sum();
        return n < 2 ? OptionalDouble.empty() : OptionalDouble.of(Math.sqrt(squares / (n - 1) / n));
    }
}
