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

/// Reads the names of several recipes, which must be unique. At most one recipe may have no name.
final class StageNames {
    /// A name is also used for a folder, so it is never a path or a reference with a revision or
    /// adapter.
    private static final Pattern NAME =
            Pattern.compile("[\\w][\\w. -]{0,99}(?<![. ])", Pattern.UNICODE_CHARACTER_CLASS);

    /// Interrupted runs keep their shards in folders with this suffix.
    private static final String PARTIAL = ".partial";

    private final Problems problems;
    private final Map<String, Named> seen = new HashMap<>();
    private @Nullable Location unnamed;

    /// A name and the location of its recipe.
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
            // The reader of the rest of the recipe reports it.
            return Optional.empty();
        }
        if (scalar.isNull()
                || scalar.text().endsWith(PARTIAL)
                || !NAME.matcher(scalar.text()).matches()) {
            problems.add(
                    Problem.recipe(value.at(), "not a name for a recipe")
                            .expected(
                                    "1 to 100 letters, digits, '.', '_', '-' and spaces, "
                                            + "starting with a letter or digit, not ending with "
                                            + "'.', a space or '.partial', since it is also the "
                                            + "name of the output folder")
                            .found(value.description()));
            return Optional.empty();
        }
        checkOther(scalar.text(), root.at());
        return Optional.of(scalar.text());
    }

    // Some file systems are case-insensitive.
    private void checkOther(String name, Location at) {
        Named first = seen.putIfAbsent(name.toLowerCase(Locale.ROOT), new Named(name, at));
        if (first != null) {
            problems.add(
                    Problem.recipe(at, "duplicate recipe name '%s'".formatted(name))
                            .expected("a name that differs in more than case")
                            .found("'%s' on line %d".formatted(first.name(), first.at().line())));
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
                            .found("the first unnamed one on line " + first.line()));
        }
    }
}
