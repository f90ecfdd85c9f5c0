package jmergekit.config;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import jmergekit.method.MergeMethods;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;

/// Warns about keys unknown to a section, and suggests what was meant.
///
/// @param methods whose misplaced parameters are reported elsewhere
record UnknownKeys(Section section, MergeMethods methods, Problems problems) {
    /// @throws MergeException if a key was meant to start a list
    void report(YamlNode.Mapping mapping) {
        mapping.entries().forEach(entry -> refuseDash(entry.key()));
        mapping.entries().stream()
                .filter(entry -> section.isUnknown(entry))
                .filter(entry -> !section.isMisplacedParameter(entry, methods))
                .forEach(entry -> problems.add(problem(entry)));
    }

    private static void refuseDash(YamlNode.Scalar key) {
        String name = key.text().startsWith("-") ? key.text().substring(1) : "";
        if (Arrays.stream(Section.values()).anyMatch(s -> s.keys().contains(name))) {
            throw new MergeException(
                    Problem.recipe(key.at(), "no space after the dash in '" + key.text() + "'")
                            .hint("write '- " + name + "'"));
        }
    }

    private Problem problem(YamlNode.Entry entry) {
        String key = entry.key().text();
        if (Character.isSpaceChar(key.isEmpty() ? 'x' : key.charAt(0))) {
            return Problem.recipe(entry.key().at(), "a space character that YAML treats as text")
                    .found("U+%04X".formatted((int) key.charAt(0)))
                    .hint("indent with ordinary spaces");
        }
        String what = "unknown key '" + key + "' " + section.place();
        String suggestion = Suggestion.didYouMean(key, section.keys());
        if (!suggestion.isEmpty()) {
            return warning(entry, what + suggestion);
        }
        Problem problem = warning(entry, what);
        return elsewhere(key)
                .map(other -> problem.hint("it belongs " + other.placeSeenFrom(section)))
                .orElse(problem);
    }

    private static Problem warning(YamlNode.Entry entry, String what) {
        return Problem.recipe(entry.key().at(), what).asWarning();
    }

    // Prefers another place in the same kind of recipe.
    private Optional<Section> elsewhere(String key) {
        return Arrays.stream(Section.values())
                .filter(other -> other != section && other.keys().contains(key))
                .min(Comparator.comparing(other -> !section.isBeside(other)));
    }
}
