package jmergekit.lora;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The experts of all layers that are parameters of modules. A parameter that has factors in one layer
/// has some in all, if only zeros: adapters name parameters of all layers at once.
record ExpertParameters(List<ExpertParameter> all) {
    /// What is kept of them.
    ///
    /// @param targets what adapters name the parameters with factors by
    /// @param ranks of these, by name
    /// @param depths how many parameters with factors a module has
    record Joined(Set<String> targets, Map<String, Integer> ranks, Map<String, Integer> depths) {
        /// What a bias of experts is called in the adapter.
        String biasName(TensorPair bias) {
            String module = Layout.wrapped(bias.module(), depths.getOrDefault(bias.module(), 0));
            return Layout.wholeName(module + "." + bias.parameter());
        }
    }

    /// Puts the factors of each parameter together.
    Joined join(Map<String, ModuleResult> results, FactorStore store) {
        Set<String> targets = new TreeSet<>();
        all.stream().filter(p -> p.isStored(results)).forEach(p -> targets.add(p.target()));
        Map<String, List<ExpertParameter>> modules = new LinkedHashMap<>();
        all.stream()
                .filter(p -> targets.contains(p.target()))
                .forEach(p -> modules.computeIfAbsent(p.module(), _ -> new ArrayList<>()).add(p));
        Map<String, Integer> ranks = new TreeMap<>();
        Map<String, Integer> depths = new TreeMap<>();
        modules.forEach((module, parameters) -> {
            depths.put(module, parameters.size());
            // PEFT wraps a module once for each parameter; the first one is the innermost.
            for (int i = 0; i < parameters.size(); i++) {
                String inner = Layout.wrapped(module, parameters.size() - 1 - i);
                parameters.get(i).join(inner, results, store);
                ranks.put(parameters.get(i).name(), parameters.get(i).rank(results));
            }
        });
        return new Joined(targets, ranks, depths);
    }
}
