package jmergekit.lora;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;

/// Which modules are excluded, included, and kept whole. Expressions match anywhere in a module's
/// name (`model.layers.0.self_attn.q_proj`); names match complete trailing parts of it (`q_proj`,
/// `self_attn.q_proj`). If loaders name a module differently from its files, either name may be
/// given.
///
/// @param exclude takes precedence over the others
/// @param include includes all modules if empty
public record ModuleFilter(List<Pattern> exclude, List<Pattern> include, List<String> whole) {
    boolean excludes(Collection<String> names) {
        return exclude.stream().anyMatch(p -> isFound(p, names));
    }

    /// Whether a module that is not excluded is included.
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

    /// Reports expressions and names that match no module.
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
