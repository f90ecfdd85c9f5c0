package jmergekit.model;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.model.Adapter.Factors;
import jmergekit.model.AdapterTensorName.Role;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tensor.NameRanges;
import jmergekit.weights.TensorLocation;

/// Sorts an adapter's tensors by their roles.
final class AdapterTensors {
    private final Map<String, Map<Role, TensorLocation>> factors = new LinkedHashMap<>();
    private final Map<String, TensorLocation> whole = new LinkedHashMap<>();
    private final Map<String, List<String>> refused = new LinkedHashMap<>();

    void add(TensorLocation location) {
        String name = location.entry().spec().name();
        AdapterTensorName parts = AdapterTensorName.of(name);
        if (parts.role() == Role.OTHER) {
            refuse(name, "belongs to an unsupported type of adapter");
        } else if (!location.entry().spec().dtype().isFloat()) {
            refuse(name, "is " + location.entry().spec().dtype() + ", not a floating-point type");
        } else {
            TensorLocation before = put(parts, location);
            if (before != null) {
                refuse(name, "changes the same target as '" + before.entry().spec().name() + "'");
            }
        }
    }

    private TensorLocation put(AdapterTensorName parts, TensorLocation location) {
        return parts.role() == Role.WHOLE
                ? whole.put(parts.target(), renamed(location, parts.target()))
                : factors.computeIfAbsent(parts.target(), _ -> new EnumMap<>(Role.class))
                        .put(parts.role(), location);
    }

    // From now on it counts as a tensor of the model that is stored elsewhere.
    private static TensorLocation renamed(TensorLocation location, String name) {
        return new TensorLocation(location.header(), location.entry().withName(name));
    }

    private void refuse(String name, String what) {
        refused.computeIfAbsent(what, _ -> new ArrayList<>()).add(name);
    }

    /// By the names of the model's tensors.
    Map<String, TensorLocation> whole() {
        return whole;
    }

    List<Factors> factors() {
        List<Factors> complete = new ArrayList<>();
        factors.forEach((module, parts) -> complete(module, parts).ifPresent(complete::add));
        return complete;
    }

    private Optional<Factors> complete(String module, Map<Role, TensorLocation> parts) {
        boolean lookup = parts.containsKey(Role.LOOKUP_A) || parts.containsKey(Role.LOOKUP_B);
        TensorLocation a = parts.get(lookup ? Role.LOOKUP_A : Role.A);
        TensorLocation b = parts.get(lookup ? Role.LOOKUP_B : Role.B);
        boolean mixed = lookup && (parts.containsKey(Role.A) || parts.containsKey(Role.B));
        if (a == null || b == null || mixed) {
            parts.values()
                    .forEach(l ->
                            refuse(
                                    l.entry().spec().name(),
                                    "is not one of a pair of factors A and B"));
            return Optional.empty();
        }
        return Optional.of(
                new Factors(module, a, b, lookup, Optional.ofNullable(parts.get(Role.BIAS))));
    }

    /// Reports the refused tensors, after [#factors].
    ///
    /// @param where the name of the adapter in messages
    void report(String where, Problems problems) {
        refused.forEach((what, names) ->
                NameRanges.of(names)
                        .forEach(n ->
                                problems.add(
                                        Problem.input(
                                                where,
                                                "adapter tensor '%s' %s".formatted(n, what)))));
    }
}
