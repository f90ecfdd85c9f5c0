package jmergekit.lora;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import jmergekit.arch.NameMap;
import jmergekit.model.Adapter;
import jmergekit.model.Adapter.Factors;
import jmergekit.weights.TensorLocation;

/// The modules and tensors that several adapters change, each under the name used by the first
/// adapter that has it.
///
/// @param factors of each adapter, by module
/// @param whole full tensors of each adapter, by name
record AdapterModules(List<Map<String, Factors>> factors, List<Map<String, TensorLocation>> whole) {
    static final String WEIGHT = ".weight";

    static AdapterModules of(List<AdapterInput> inputs) {
        List<Map<String, Factors>> factors = new ArrayList<>();
        List<Map<String, TensorLocation>> whole = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (AdapterInput input : inputs) {
            Adapter adapter = input.adapter();
            Map<String, String> names = NameMap.toReference(names(adapter), known);
            known.addAll(names.values());
            Map<String, Factors> ofModules = new LinkedHashMap<>();
            for (Factors f : adapter.factors()) {
                String name = names.get(f.module() + WEIGHT);
                ofModules.put(name.substring(0, name.length() - WEIGHT.length()), f);
            }
            Map<String, TensorLocation> ofNames = new LinkedHashMap<>();
            adapter.whole().forEach((name, tensor) -> ofNames.put(names.get(name), tensor));
            factors.add(ofModules);
            whole.add(ofNames);
        }
        return new AdapterModules(factors, whole);
    }

    private static List<String> names(Adapter adapter) {
        return Stream.concat(
                        adapter.factors().stream().map(f -> f.module() + WEIGHT),
                        adapter.whole().keySet().stream())
                .distinct()
                .toList();
    }

    /// All modules with factors, in order of appearance.
    Set<String> modules() {
        return keys(factors);
    }

    /// The names of all tensors that an adapter stores in full, in order of appearance.
    Set<String> wholeNames() {
        return keys(whole);
    }

    private static <T> Set<String> keys(Collection<Map<String, T>> maps) {
        Set<String> keys = new LinkedHashSet<>();
        maps.forEach(m -> keys.addAll(m.keySet()));
        return keys;
    }
}
