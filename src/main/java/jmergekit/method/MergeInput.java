package jmergekit.method;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jmergekit.tensor.Shape;
import jmergekit.tile.CounterRandom;

/// A method's input for one output tensor: its sources and the values of its parameters.
///
/// @param tensor its name
/// @param models for each source the number of its model in the recipe
/// @param base index of the base model's source, or [jmergekit.primitive.Primitives#NO_BASE]
/// @param seed for random methods
/// @param statistics statistics of the tensor's group, if a [PreparedMethod] merges it
public record MergeInput(
        String tensor,
        Shape shape,
        List<Integer> models,
        int base,
        long seed,
        Parameters parameters,
        Statistics statistics) {
    /// An input without statistics, as it is before anything is measured.
    public MergeInput(
            String tensor,
            Shape shape,
            List<Integer> models,
            int base,
            long seed,
            Parameters parameters) {
        this(tensor, shape, models, base, seed, parameters, Statistics.NONE);
    }

    /// The same with statistics.
    public MergeInput with(Statistics measured) {
        return new MergeInput(tensor, shape, models, base, seed, parameters, measured);
    }

    public int sources() {
        return models.size();
    }

    public long elements() {
        return shape.elements();
    }

    /// The value of a parameter that is the same for all sources.
    public double number(Param param) {
        return of(Value.Number.class, parameters.global(), param).number();
    }

    public boolean flag(Param param) {
        return number(param) != 0;
    }

    /// A source's value of a parameter.
    public double number(int source, Param param) {
        return of(Value.Number.class, parameters.perSource().get(source), param).number();
    }

    /// The value of each source; 0 for the base, which has none.
    public double[] numbers(Param param) {
        double[] values = new double[sources()];
        for (int source : others()) {
            values[source] = number(source, param);
        }
        return values;
    }

    /// The word that is the same for all sources.
    public String word(Param param) {
        return of(Value.Word.class, parameters.global(), param).word();
    }

    /// A source's word.
    public String word(int source, Param param) {
        return of(Value.Word.class, parameters.perSource().get(source), param).word();
    }

    /// The list of numbers that is the same for all sources.
    public double[] numberList(Param param) {
        return numberList(parameters.global(), param);
    }

    /// A source's list of numbers.
    public double[] numberList(int source, Param param) {
        return numberList(parameters.perSource().get(source), param);
    }

    /// The list of words that is the same for all sources.
    public List<String> wordList(Param param) {
        return wordList(parameters.global(), param);
    }

    /// A source's list of words.
    public List<String> wordList(int source, Param param) {
        return wordList(parameters.perSource().get(source), param);
    }

    /// The sources except the base.
    public List<Integer> others() {
        List<Integer> others = new ArrayList<>();
        for (int i = 0; i < sources(); i++) {
            if (i != base) {
                others.add(i);
            }
        }
        return others;
    }

    /// The key for a source's random draws.
    public long drawKey(int source) {
        return CounterRandom.key(seed, tensor, models.get(source));
    }

    private static double[] numberList(Map<String, Value> values, Param param) {
        return of(Value.Items.class, values, param).items().stream()
                .mapToDouble(item -> ((Value.Number) item).number())
                .toArray();
    }

    private static List<String> wordList(Map<String, Value> values, Param param) {
        return of(Value.Items.class, values, param).items().stream()
                .map(item -> ((Value.Word) item).word())
                .toList();
    }

    private static <V extends Value> V of(Class<V> kind, Map<String, Value> values, Param param) {
        Value value = values.get(param.name());
        if (!kind.isInstance(value)) {
            throw new IllegalStateException(
                    value == null
                            ? "no value planned for '" + param.name() + "'"
                            : "'%s' is not %s: %s"
                                    .formatted(param.name(), kind.getSimpleName(), value));
        }
        return kind.cast(value);
    }
}
