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

/// The lists of names in adapter_config.json by which PEFT finds the modules of an adapter in a model.
///
/// A name in `target_modules` means each module whose last parts it is. A name in `modules_to_save`
/// means each module whose name ends in these letters, and keeps factors away from all modules in or
/// below one whose last parts it is. Names are as long as it takes to mean what the adapter holds and
/// nothing else.
///
/// Source: <https://huggingface.co/docs/peft/package_reference/lora>; the behaviour of PEFT 0.21.
final class TargetNames {
    private final Collection<String> modules;
    private final Set<String> factors;

    /// @param modules all of the model
    /// @param factors those that the adapter has factors of
    TargetNames(Collection<String> modules, Collection<String> factors) {
        this.modules = modules;
        this.factors = Set.copyOf(factors);
    }

    /// What `target_modules` says. PEFT gives a module that is meant without factors in the adapter ones
    /// that change nothing.
    ///
    /// @param spare modules of the kinds that have factors, but none in the adapter
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

    /// What `modules_to_save` says about modules that are kept whole.
    List<String> saved(Collection<String> whole) {
        Map<String, Boolean> known = new HashMap<>();
        Set<String> wanted = Set.copyOf(whole);
        return shortest(
                whole, name -> known.computeIfAbsent(name, n -> strays(n, wanted).isEmpty()));
    }

    /// Modules that the full name of a module means beside it, when it is kept whole.
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
