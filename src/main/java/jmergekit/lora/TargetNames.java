package jmergekit.lora;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// The lists of names in adapter_config.json by which PEFT finds an adapter's modules in a model.
///
/// A name in `target_modules` matches each module of which it is a trailing part. A name in
/// `modules_to_save` matches each module whose name ends with these characters, and keeps factors
/// away from all modules in or below a module of which it is a trailing part. Names are just long
/// enough to match only what the adapter contains.
///
/// Source: <https://huggingface.co/docs/peft/package_reference/lora>; the behaviour of PEFT 0.21.
final class TargetNames {
    private final Collection<String> modules;
    private final Set<String> factors;

    /// @param modules all modules of the model
    /// @param factors modules for which the adapter has factors
    TargetNames(Collection<String> modules, Collection<String> factors) {
        this.modules = modules;
        this.factors = Set.copyOf(factors);
    }

    /// The value of `target_modules`. PEFT initialises a module that matches but has no factors in
    /// the adapter with factors that change nothing.
    ///
    /// @param spare modules of the same types as those with factors, but without factors
    List<String> targets(Collection<String> spare) {
        Map<String, Integer> all =
                endings(modules.stream().filter(m -> !spare.contains(m)).toList());
        Map<String, Integer> wanted =
                endings(factors.stream().filter(m -> !spare.contains(m)).toList());
        return shortest(
                factors, name -> all.getOrDefault(name, 0).equals(wanted.getOrDefault(name, 0)));
    }

    private static Map<String, Integer> endings(Collection<String> modules) {
        Map<String, Integer> endings = new HashMap<>();
        modules.forEach(m -> lastParts(m).forEach(e -> endings.merge(e, 1, Integer::sum)));
        return endings;
    }

    /// The value of `modules_to_save` for modules that are kept whole.
    List<String> saved(Collection<String> whole) {
        Map<String, Boolean> known = new HashMap<>();
        Set<String> wanted = Set.copyOf(whole);
        return shortest(
                whole, name -> known.computeIfAbsent(name, n -> strays(n, wanted).isEmpty()));
    }

    /// Other modules that a module's full name matches when it is kept whole.
    Set<String> strays(String name, Set<String> wanted) {
        Set<String> strays = new HashSet<>();
        for (String module : modules) {
            if (module.endsWith(name) && !wanted.contains(module)) {
                strays.add(module);
            }
        }
        String inside = "." + name + ".";
        for (String module : factors) {
            if (("." + module + ".").contains(inside)) {
                strays.add(module);
            }
        }
        return strays;
    }

    private static List<String> shortest(Collection<String> modules, Predicate<String> isExact) {
        Set<String> names = new TreeSet<>();
        for (String module : modules) {
            names.add(lastParts(module).stream().filter(isExact).findFirst().orElse(module));
        }
        return new ArrayList<>(names);
    }

    /// `c`, `b.c` and `a.b.c` of `a.b.c`.
    private static List<String> lastParts(String module) {
        List<String> parts = new ArrayList<>();
        for (int dot = module.lastIndexOf('.'); dot >= 0; dot = module.lastIndexOf('.', dot - 1)) {
            // A name that begins with a number is hard to read.
            if (!Character.isDigit(module.charAt(dot + 1))) {
                parts.add(module.substring(dot + 1));
            }
        }
        parts.add(module);
        return parts;
    }
}
