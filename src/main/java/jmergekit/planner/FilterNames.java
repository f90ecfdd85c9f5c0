package jmergekit.planner;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import jmergekit.config.Clause;
import jmergekit.config.MergeConfig;
import jmergekit.config.Setting;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;

/// Warns of filters that match no tensor name, such as patterns of other tools.
///
/// @param names all names that filters are tested against
public record FilterNames(MergeConfig config, Collection<String> names, Problems problems) {
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");

    /// Characters of globs and regular expressions that names do not have.
    private static final Pattern OTHER_SYNTAX = Pattern.compile("[*?\\\\\\[\\]()|^$+{}]");

    private static final Pattern WILDCARDS_AROUND =
            Pattern.compile("^\\^?(?:\\.?\\*)?(.*?)(?:\\.?\\*)?\\$?$");

    /// Adds a warning for each filter.
    public void check() {
        ParameterLevel.all(config)
                .forEach(level ->
                        level.parameters()
                                .settings()
                                .forEach((name, setting) -> check(name, setting.value())));
    }

    private void check(String parameter, Setting setting) {
        if (setting instanceof Setting.Conditional(List<Clause> clauses)) {
            clauses.stream()
                    .filter(clause -> names.stream().noneMatch(clause::matches))
                    .forEach(clause -> warn(parameter, clause));
        }
    }

    private void warn(String parameter, Clause clause) {
        String filter = clause.filter().orElseThrow();
        boolean other = OTHER_SYNTAX.matcher(filter).find();
        Problem problem =
                Problem.recipe(
                                clause.at(),
                                "filter '%s' of parameter '%s' matches no tensor%s"
                                        .formatted(filter, parameter, other ? "" : near(filter)))
                        .asWarning();
        problems.add(
                problem.hint(
                        other
                                ? "a filter is a part of a tensor's name, without wildcards"
                                        + instead(filter)
                                : "a filter is a literal part of a tensor's name"));
    }

    private String near(String filter) {
        Set<String> parts = new TreeSet<>();
        for (String name : names) {
            for (String part : name.split("\\.", -1)) {
                if (!NUMBER.matcher(part).matches()) {
                    parts.add(part);
                }
            }
        }
        return Suggestion.didYouMean(filter, parts);
    }

    private String instead(String filter) {
        String bare = WILDCARDS_AROUND.matcher(filter).replaceFirst("$1");
        boolean useful = !bare.isEmpty() && names.stream().anyMatch(n -> n.contains(bare));
        return useful ? "; write '" + bare + "'" : "";
    }
}
