package jmergekit.arch;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Finds the prefix that one checkpoint's names carry and another's do not, as in
/// `bert.encoder.layer.0…` and `encoder.layer.0…`.
public final class NameMap {
    private NameMap() {}

    /// For each of `names`, what it is called in the reference's manner. Names stay as they are
    /// unless a known prefix, added to or taken from all of them, matches more of the reference's
    /// names, and no two names would become the same.
    public static Map<String, String> toReference(Collection<String> names, Set<String> reference) {
        Map<String, String> best = identity(names);
        long bestMatches = matches(best, reference);
        if (bestMatches == names.size()) {
            return best;
        }
        for (String prefix : ArchitectureFacts.ALIAS_PREFIXES) {
            for (boolean add : new boolean[] {true, false}) {
                Map<String, String> map = renamed(names, prefix, add);
                long found = matches(map, reference);
                if (found > bestMatches && new HashSet<>(map.values()).size() == map.size()) {
                    best = map;
                    bestMatches = found;
                }
            }
        }
        return best;
    }

    private static Map<String, String> identity(Collection<String> names) {
        Map<String, String> map = new LinkedHashMap<>();
        names.forEach(n -> map.put(n, n));
        return map;
    }

    private static Map<String, String> renamed(
            Collection<String> names, String prefix, boolean add) {
        Map<String, String> map = new LinkedHashMap<>();
        for (String name : names) {
            if (add) {
                map.put(name, prefix + name);
            } else {
                boolean has = name.startsWith(prefix);
                map.put(name, has ? name.substring(prefix.length()) : name);
            }
        }
        return map;
    }

    private static long matches(Map<String, String> map, Set<String> reference) {
        return map.values().stream().filter(reference::contains).count();
    }
}
