package jmergekit.lora;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;

/// Which modules are left out, which are looked at, and which are kept whole. Expressions match
/// anywhere in a module's name (`model.layers.0.self_attn.q_proj`); names match whole last parts of it
/// (`q_proj`, `self_attn.q_proj`). A module that loaders call otherwise than its files may be given by
/// either name.
///
/// @param exclude wins over the others
/// @param include all, if there is none
public record ModuleFilter(List<Pattern> exclude, List<Pattern> include, List<String> whole) {
    boolean excludes(Collection<String> names) {
        return exclude.stream().anyMatch(p -> isFound(p, names));
    }

    /// Whether a module that is not excluded takes part.
    boolean includes(Collection<String> names) {
        return include.isEmpty() || include.stream().anyMatch(p -> isFound(p, names));
    }

    private static boolean isFound(Pattern pattern, Collection<String> names) {
        return names.stream().anyMatch(n -> pattern.matcher(n).find());
    }

    boolean keepsWhole(String module) {
        return whole.stream().anyMatch(name -> isNamed(module, name));
    }

    private static boolean isNamed(String module, String name) {
        return module.equals(name) || module.endsWith("." + name);
    }

    /// Finds expressions and names that no module has.
    void check(Collection<String> modules, Problems problems) {
        for (String name : whole) {
            if (modules.stream().noneMatch(m -> isNamed(m, name))) {
                List<String> known =
                        modules.stream().map(Layout::lastPart).distinct().sorted().toList();
                problems.add(
                        Problem.usage(
                                "--save-module",
                                "no module is called '%s'%s"
                                        .formatted(name, Suggestion.didYouMean(name, known))));
            }
        }
        warnOfIdle("--exclude-regex", exclude, modules, problems);
        warnOfIdle("--include-regex", include, modules, problems);
    }

    private static void warnOfIdle(
            String option, List<Pattern> patterns, Collection<String> modules, Problems problems) {
        for (Pattern pattern : patterns) {
            if (modules.stream().noneMatch(m -> pattern.matcher(m).find())) {
                problems.add(
                        Problem.usage(option, "no module's name matches '" + pattern + "'")
                                .asWarning());
            }
        }
    }
}
