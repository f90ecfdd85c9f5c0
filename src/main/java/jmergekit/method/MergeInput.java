package jmergekit.method;

import java.util.ArrayList;
import java.util.List;
import jmergekit.tensor.Shape;
import jmergekit.tile.CounterRandom;

/// What a method is told about one output tensor: its sources and the values of its parameters.
///
/// @param tensor its name
/// @param models for each source the number of its model in the recipe
/// @param base which source is the base model's, or [jmergekit.primitive.Primitives#NO_BASE]
/// @param seed of random methods
public record MergeInput(
        String tensor,
        Shape shape,
        List<Integer> models,
        int base,
        long seed,
        Parameters parameters) {

    public int sources() {
        return models.size();
    }

    public long elements() {
        return shape.elements();
    }

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
        double[] values = new double[sources()];
        for (int source : others()) {
            values[source] = number(source, param);
        }
        return values;
    }

    /// The sources but the base.
    public List<Integer> others() {
        List<Integer> others = new ArrayList<>();
        for (int i = 0; i < sources(); i++) {
            if (i != base) {
                others.add(i);
            }
        }
        return others;
    }

    /// The key of a source's draws.
    public long drawKey(int source) {
        return CounterRandom.key(seed, tensor, models.get(source));
    }

    private static double require(Double value, Param param) {
        if (value == null) {
            throw new IllegalStateException("no value planned for '" + param.name() + "'");
        }
        return value;
    }
}
