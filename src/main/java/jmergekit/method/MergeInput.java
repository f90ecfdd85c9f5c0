package jmergekit.method;

import java.util.ArrayList;
import java.util.List;

/// What a method is told about one output tensor: its sources and the values of its parameters.
///
/// @param elements of the tensor
/// @param base which source is the base model's, or [Primitives#NO_BASE]
public record MergeInput(long elements, int sources, int base, Parameters parameters) {
    /// The value of a parameter that is the same for all sources.
    public double number(Param param) {
        return require(parameters.global().get(param.name()), param);
    }

    public boolean flag(Param param) {
        return number(param) != 0;
    }

    /// A source's value of a parameter.
    public double number(int source, Param param) {
        return require(parameters.perSource().get(source).get(param.name()), param);
    }

    /// For each source its value; 0 for the base, which has none.
    public double[] numbers(Param param) {
        double[] values = new double[sources];
        for (int source : others()) {
            values[source] = number(source, param);
        }
        return values;
    }

    /// The sources but the base.
    public List<Integer> others() {
        List<Integer> others = new ArrayList<>();
        for (int i = 0; i < sources; i++) {
            if (i != base) {
                others.add(i);
            }
        }
        return others;
    }

    private static double require(Double value, Param param) {
        if (value == null) {
            throw new IllegalStateException("no value planned for '" + param.name() + "'");
        }
        return value;
    }
}
