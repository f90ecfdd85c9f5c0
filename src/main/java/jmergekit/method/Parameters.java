package jmergekit.method;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The resolved values of a method's parameters for one tensor.
///
/// @param global by parameter name
/// @param perSource for each source, by parameter name. A source that needs no value, such as the
///     base of a task vector method, may lack it.
public record Parameters(Map<String, Value> global, List<Map<String, Value>> perSource) {
    public Parameters {
        global = Map.copyOf(global);
        perSource = perSource.stream().map(Map::copyOf).toList();
    }

    /// Numbers that are the same for all sources.
    public static Parameters of(Map<String, Double> numbers) {
        return new Parameters(values(numbers), List.of());
    }

    /// The same numbers as values.
    public static Map<String, Value> values(Map<String, Double> numbers) {
        return numbers.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> Value.of(e.getValue())));
    }

    /// A number that is the same for all sources, or `otherwise` if it is not set.
    public double number(String name, double otherwise) {
        return global.get(name) instanceof Value.Number(double number) ? number : otherwise;
    }
}
