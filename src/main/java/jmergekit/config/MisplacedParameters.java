package jmergekit.config;

import java.util.List;
import java.util.Optional;
import jmergekit.method.MergeMethods;
import jmergekit.method.MethodInfo;
import jmergekit.method.Param;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Reports method parameters that are next to `parameters` instead of under it. This is an error if
/// the method has the parameter, since ignoring it would give a different merge than intended. A
/// parameter without effect anywhere is a warning. Either way, the rest of the recipe can still be
/// checked.
///
/// @param method empty if the recipe names no existing method
record MisplacedParameters(MergeMethods methods, Optional<MethodInfo> method, Problems problems) {
    private static final String HINT = "it belongs under 'parameters'";

    /// Checks the recipe and all levels below it that have parameters.
    void check(YamlNode.Mapping recipe) {
        report(recipe, Section.RECIPE);
        composition(recipe);
        if (value(recipe, "modules").orElse(null) instanceof YamlNode.Mapping modules) {
            for (YamlNode.Entry module : modules.entries()) {
                if (module.value() instanceof YamlNode.Mapping mapping) {
                    report(mapping, Section.MODULE);
                    composition(mapping);
                }
            }
        }
    }

    private void composition(YamlNode.Mapping level) {
        items(level, "models").forEach(m -> report(m, Section.MODEL));
        for (YamlNode.Mapping slice : items(level, "slices")) {
            report(slice, Section.SLICE);
            items(slice, "sources").forEach(s -> report(s, Section.SOURCE));
        }
    }

    private static List<YamlNode.Mapping> items(YamlNode.Mapping level, String key) {
        return value(level, key).orElse(null) instanceof YamlNode.Sequence list
                ? list.items().stream()
                        .filter(i -> i instanceof YamlNode.Mapping)
                        .map(i -> (YamlNode.Mapping) i)
                        .toList()
                : List.of();
    }

    private static Optional<YamlNode> value(YamlNode.Mapping level, String key) {
        return level.entry(key).map(YamlNode.Entry::value);
    }

    private void report(YamlNode.Mapping level, Section section) {
        level.entries().stream()
                .filter(entry -> section.isMisplacedParameter(entry, methods))
                .forEach(entry -> problems.addBesideTheRest(problem(entry, section.place())));
    }

    private Problem problem(YamlNode.Entry entry, String place) {
        String key = entry.key().text();
        Problem problem =
                Problem.recipe(entry.key().at(), "method parameter '" + key + "' is " + place);
        if (method.isEmpty()) {
            return problem.hint(HINT);
        }
        Optional<Param> param = method.get().param(key);
        if (param.isEmpty()) {
            return problem.hint(
                            "merge method '%s' has no such parameter, so omit it"
                                    .formatted(method.get().name()))
                    .asWarning();
        }
        return param.get().inert()
                ? problem.hint("it has no effect, so omit it").asWarning()
                : problem.hint(HINT);
    }
}
