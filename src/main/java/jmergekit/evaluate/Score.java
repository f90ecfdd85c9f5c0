package jmergekit.evaluate;

import java.util.OptionalDouble;

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
}
