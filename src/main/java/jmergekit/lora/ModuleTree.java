package jmergekit.lora;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jmergekit.arch.LoaderNames;

/// The modules that tensors belong to, and the modules that contain other modules.
///
/// @param tensors by module, sorted by name
/// @param parents modules that contain others
/// @param loaded all modules as loaders of the base model name them
/// @param tiedTo number of names of a stored tensor
/// @param names by which a user may refer to a module
record ModuleTree(
        Map<String, List<TensorPair>> tensors,
        Set<String> parents,
        Set<String> loaded,
        Map<String, Integer> tiedTo,
        Set<String> names) {
    static ModuleTree of(PairedTensors paired, LoaderNames loaders) {
        Map<String, List<TensorPair>> tensors = new LinkedHashMap<>();
        Set<String> names = new HashSet<>();
        Set<String> parents = new HashSet<>();
        Set<String> loaded = new HashSet<>();
        Map<String, Integer> tiedTo = new HashMap<>();
        for (TensorPair pair : paired.pairs()) {
            tensors.computeIfAbsent(pair.module(), _ -> new ArrayList<>()).add(pair);
            parents.addAll(parents(pair.module()));
            loaded.add(pair.module());
            tiedTo.merge(pair.stored(), 1, Integer::sum);
            names.add(pair.storedModule());
            names.addAll(parents(pair.storedModule()));
        }
        for (String missing : paired.missing()) {
            String module = TensorPair.moduleOf(loaders.of(missing));
            loaded.add(module);
            parents.addAll(parents(module));
        }
        loaded.addAll(parents);
        names.addAll(loaded);
        return new ModuleTree(tensors, parents, loaded, tiedTo, names);
    }

    /// From the outermost inwards: for `a.b.c`, the model itself, `a` and `a.b`.
    private static List<String> parents(String module) {
        List<String> parents = new ArrayList<>();
        if (!module.isEmpty()) {
            parents.add("");
        }
        for (int dot = module.indexOf('.'); dot > 0; dot = module.indexOf('.', dot + 1)) {
            parents.add(module.substring(0, dot));
        }
        return parents;
    }

    boolean hasParts(String module) {
        return module.isEmpty() || parents.contains(module);
    }

    /// Whether loaders also have the tensor in another module that is not a parent.
    boolean isHeldElsewhere(TensorPair pair) {
        return tiedTo.get(pair.stored()) > 1;
    }

    /// The tensors by module; tensors below a module that is kept whole are assigned to that
    /// module.
    Map<String, List<TensorPair>> modules(ModuleFilter filter) {
        Map<String, List<TensorPair>> modules = new LinkedHashMap<>();
        tensors.forEach((module, pairs) ->
                modules.computeIfAbsent(keeper(module, filter), _ -> new ArrayList<>())
                        .addAll(pairs));
        return modules;
    }

    private static String keeper(String module, ModuleFilter filter) {
        return parents(module).stream()
                .filter(p -> !p.isEmpty() && filter.keepsWhole(p))
                .findFirst()
                .orElse(module);
    }
}
