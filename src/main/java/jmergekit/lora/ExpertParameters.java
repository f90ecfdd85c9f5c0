package jmergekit.lora;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Parameters that hold the experts of all layers. A parameter with factors in one layer needs some
/// in every layer, zeros if necessary: adapters target a parameter in all layers at once.
record ExpertParameters(List<ExpertParameter> all) {
    /// What the adapter stores for them.
    ///
    /// @param targets names by which adapters target the parameters with factors
    /// @param ranks their ranks, by name
    /// @param depths number of parameters with factors for each module
    record Joined(Set<String> targets, Map<String, Integer> ranks, Map<String, Integer> depths) {
        /// The name of a bias of experts in the adapter.
        String biasName(TensorPair bias) {
            String module = Layout.wrapped(bias.module(), depths.getOrDefault(bias.module(), 0));
            return Layout.wholeName(module + "." + bias.parameter());
        }
    }

    /// Joins the factors of each parameter.
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
            // PEFT wraps a module once for each parameter; the first one is innermost.
            for (int i = 0; i < parameters.size(); i++) {
                String inner = Layout.wrapped(module, parameters.size() - 1 - i);
                parameters.get(i).join(inner, results, store);
                ranks.put(parameters.get(i).name(), parameters.get(i).rank(results));
            }
        });
        return new Joined(targets, ranks, depths);
    }
}
