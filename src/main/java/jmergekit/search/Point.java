package jmergekit.search;

import java.util.Arrays;
import java.util.List;

/// A value for each variable of a [Space]: a sequence of numbers in the variables' own units.
public final class Point {
    private final double[] values;

    public Point(double... values) {
        this.values = values.clone();
    }

    /// A copy.
    public double[] values() {
        return values.clone();
    }

    public double get(int index) {
        return values[index];
    }

    public int size() {
        return values.length;
    }

    /// The values as a list.
    public List<Double> list() {
        return Arrays.stream(values).boxed().toList();
    }

    /// Whether all numbers are identical bit by bit.
    @Override
    public boolean equals(Object other) {
        return other instanceof Point point && Arrays.equals(values, point.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return Arrays.toString(values);
    }
}
