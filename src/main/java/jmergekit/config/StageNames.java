package jmergekit.config;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import jmergekit.problem.Location;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import org.jspecify.annotations.Nullable;

/// Reads the names of several recipes, which differ, and at most one of which is missing.
final class StageNames {
    /// A name is also that of a folder, and never a path or a reference with a revision or adapter.
    private static final Pattern NAME =
            Pattern.compile("[\\w][\\w. -]{0,99}(?<![. ])", Pattern.UNICODE_CHARACTER_CLASS);

    /// Stopped runs keep their shards in folders that are called so.
    private static final String PARTIAL = ".partial";

    private final Problems problems;
    private final Map<String, Named> seen = new HashMap<>();
    private @Nullable Location unnamed;

    /// A name and the recipe that has it.
    private record Named(String name, Location at) {}

    StageNames(Problems problems) {
        this.problems = problems;
    }

    /// The name of the next recipe.
    Optional<String> of(YamlNode root) {
        if (!(root instanceof YamlNode.Mapping mapping) || !mapping.byKey().containsKey("name")) {
            checkUnnamed(root.at());
            return Optional.empty();
        }
        YamlNode value = mapping.byKey().get("name").value();
        if (!(value instanceof YamlNode.Scalar scalar) || scalar.text().isEmpty()) {
            // Whoever reads the rest of the recipe says so.
            return Optional.empty();
        }
        if (scalar.isNull()
                || scalar.text().endsWith(PARTIAL)
                || !NAME.matcher(scalar.text()).matches()) {
            problems.add(
                    Problem.recipe(value.at(), "not a name for a recipe")
                            .expected(
                                    "1 to 100 letters, digits, '.', '_', '-' and blanks, the first a"
                                            + " letter or digit, the last no '.' or blank, and not"
                                            + " '.partial' at the end: the output gets a folder of this"
                                            + " name")
                            .found(value.description()));
            return Optional.empty();
        }
        checkOther(scalar.text(), root.at());
        return Optional.of(scalar.text());
    }

    // Some file systems do not tell names apart that differ only in case.
    private void checkOther(String name, Location at) {
        Named first = seen.putIfAbsent(name.toLowerCase(Locale.ROOT), new Named(name, at));
        if (first != null) {
            problems.add(
                    Problem.recipe(at, "a second recipe has the name '%s'".formatted(name))
                            .expected("a name of its own, not only in another case")
                            .found("'%s' in line %d".formatted(first.name(), first.at().line())));
        }
    }

    private void checkUnnamed(Location at) {
        Location first = unnamed;
        if (first == null) {
            unnamed = at;
        } else {
            problems.add(
                    Problem.recipe(at, "a second unnamed recipe")
                            .expected("a 'name' in all recipes but one")
                            .found("the first unnamed one in line " + first.line()));
        }
    }
}
