package jmergekit.config;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import jmergekit.method.MergeMethods;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;

/// Warns of keys that a section does not know, and says what they may be meant to be.
///
/// @param methods whose parameters others tell of
record UnknownKeys(Section section, MergeMethods methods, Problems problems) {
    /// @throws MergeException if a list was meant to begin where a key is
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
            return Problem.recipe(entry.key().at(), "a space that YAML takes for text")
                    .found("U+%04X".formatted((int) key.charAt(0)))
                    .hint("indent with plain spaces");
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

    // Another place of the same recipe rather than one of another kind of recipe.
    private Optional<Section> elsewhere(String key) {
        return Arrays.stream(Section.values())
                .filter(other -> other != section && other.keys().contains(key))
                .min(Comparator.comparing(other -> !section.isBeside(other)));
    }
}
