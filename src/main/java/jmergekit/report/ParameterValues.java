package jmergekit.report;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import jmergekit.method.Value;

/// The values that a parameter takes over the tensors of an output.
///
/// @param method that has the parameter
/// @param name of the parameter
/// @param source the model whose value it is; empty if all models of a tensor share it
/// @param curves the values inside the layers, parts of equal values together
/// @param outside the values of tensors outside the layers, tensors of equal values together
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

    /// Values over the layers of a module.
    ///
    /// @param module whose layers they are
    /// @param parts the parts of a layer that take these values, without `.weight`
    /// @param byLayer the values; layers that lack these parts are left out
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

    /// Every value, as often as it is taken by a curve or a group.
    Stream<Value> all() {
        return Stream.concat(
                curves.stream().flatMap(c -> c.byLayer().values().stream()),
                outside.stream().map(Group::value));
    }

    /// Whether all values are numbers, so that they can be drawn.
    boolean isNumber() {
        return all().allMatch(Value.Number.class::isInstance);
    }

    /// Whether the layers of some module differ, or its parts do.
    boolean variesInLayers() {
        return only(curves.stream().flatMap(c -> c.byLayer().values().stream())).isEmpty()
                && !curves.isEmpty();
    }

    private static Optional<Value> only(Stream<Value> values) {
        List<Value> different = values.distinct().limit(2).toList();
        return different.size() == 1 ? Optional.of(different.getFirst()) : Optional.empty();
    }

    /// What it is called, as in `weight of a`.
    String title() {
        return name + source.map(s -> " of " + s).orElse("");
    }
}
