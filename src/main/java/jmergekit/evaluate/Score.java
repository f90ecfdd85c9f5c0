package jmergekit.evaluate;

import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/// What a model reached in a task.
///
/// @param value of the metric
/// @param standardError of the value, if known
/// @param higherIsBetter whether a greater value is a better model
/// @param items what each item came to, in the order of the items, so that models can be compared item
///     by item; empty if that is not known. Their mean need not be the value.
public record Score(
        double value, OptionalDouble standardError, boolean higherIsBetter, double[] items) {
    /// Without anything but the value.
    public static Score of(double value) {
        return new Score(value, OptionalDouble.empty(), true, new double[0]);
    }

    /// The mean of what the items came to, of which there is at least one; greater is better.
    static Score mean(double[] items) {
        double mean = DoubleStream.of(items).average().orElseThrow();
        double[] residuals = DoubleStream.of(items).map(v -> v - mean).toArray();
        return new Score(mean, standardError(residuals), true, items);
    }

    /// Of a mean, from what the values differ from it by; empty of a single one.
    static OptionalDouble standardError(double[] residuals) {
        int n = residuals.length;
        double squares = DoubleStream.of(residuals).map(r -> r * r).sum();
        return n < 2 ? OptionalDouble.empty() : OptionalDouble.of(Math.sqrt(squares / (n - 1) / n));
    }
}
