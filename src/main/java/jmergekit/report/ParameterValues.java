package jmergekit.report;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import jmergekit.method.Value;

/// The values of a parameter over the tensors of an output.
///
/// @param method the method with the parameter
/// @param name the parameter's name
/// @param source the model the value belongs to; empty if all models of a tensor share it
/// @param curves the values inside the layers, with parts of equal values grouped
/// @param outside the values of tensors outside the layers, with tensors of equal values grouped
public record ParameterValues(
        String method,
        String name,
        Optional<String> source,
        List<Curve> curves,
        List<Group> outside) {
    public ParameterValues {
        curves = List.copyOf(curves);
        outside = List.copyOf(outside);
    }

    /// Values by layer of a module.
    ///
    /// @param module the module with the layers
    /// @param parts the parts of a layer with these values, without `.weight`
    /// @param byLayer the values; layers without these parts are omitted
    public record Curve(String module, List<String> parts, SortedMap<Integer, Value> byLayer) {
        public Curve {
            parts = List.copyOf(parts);
            byLayer = Collections.unmodifiableSortedMap(new TreeMap<>(byLayer));
        }

        /// The value, if it is the same in all layers.
        public Optional<Value> constant() {
            return only(byLayer.values().stream());
        }
    }

    /// Tensors outside the layers with the same value.
    public record Group(Value value, List<String> tensors) {
        public Group {
            tensors = List.copyOf(tensors);
        }
    }

    /// The value, if it is the same in all tensors.
    public Optional<Value> constant() {
        return only(all());
    }

    /// All values, once per curve or group that has them.
    Stream<Value> all() {
        return Stream.concat(
                curves.stream().flatMap(c -> c.byLayer().values().stream()),
                outside.stream().map(Group::value));
    }

    /// Whether all values are numbers and so can be plotted.
    boolean isNumber() {
        return all().allMatch(Value.Number.class::isInstance);
    }

    /// Whether values differ between layers or parts of any module.
    boolean variesInLayers() {
        return only(curves.stream().flatMap(c -> c.byLayer().values().stream())).isEmpty()
                && !curves.isEmpty();
    }

    private static Optional<Value> only(Stream<Value> values) {
        List<Value> different = values.distinct().limit(2).toList();
        return different.size() == 1 ? Optional.of(different.getFirst()) : Optional.empty();
    }

    /// The title, such as `weight of a`.
    String title() {
        return name + source.map(s -> " of " + s).orElse("");
    }
}
