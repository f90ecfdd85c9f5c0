package jmergekit.lora;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The shortest lists of names that mean a set of modules to a reader of adapter_config.json, which
/// matches the last parts of names: `q_proj` for all layers.
final class ModuleNames {
    private ModuleNames() {}

    /// The last part of each name, once; the whole name where a module of `others` ends like it.
    static List<String> shortest(Collection<String> modules, Collection<String> others) {
        Set<String> taken =
                others.stream().map(Layout::lastPart).collect(Collectors.toUnmodifiableSet());
        Set<String> names = new TreeSet<>();
        for (String module : modules) {
            String last = Layout.lastPart(module);
            names.add(taken.contains(last) ? module : last);
        }
        return new ArrayList<>(names);
    }
}
