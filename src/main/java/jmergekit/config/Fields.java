package jmergekit.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import jmergekit.method.MergeMethods;
import jmergekit.problem.Location;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// One mapping of a recipe, read key by key. A value of the wrong form is reported and treated as
/// absent.
///
/// @param section defines its keys and their values
record Fields(YamlNode.Mapping mapping, Section section, Problems problems) {

    /// The fields of `node`, with a warning for each key unknown to `section`. If `node` is not a
    /// mapping, adds a problem and returns empty. `subject` names the value, as in `'models'`.
    static Optional<Fields> of(YamlNode node, Section section, String subject, Problems problems) {
        return of(node, section, MergeMethods.builtIn(), subject, problems);
    }

    /// The same, also detecting misplaced parameters of `methods`.
    static Optional<Fields> of(
            YamlNode node,
            Section section,
            MergeMethods methods,
            String subject,
            Problems problems) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
            problems.add(wrongForm(subject, "a mapping", node));
            return Optional.empty();
        }
        section.reportUnknownKeys(mapping, methods, problems);
        return Optional.of(new Fields(mapping, section, problems));
    }

    static Problem wrongForm(String subject, String expected, YamlNode found) {
        return Problem.recipe(found.at(), subject + " has the wrong form")
                .expected(expected)
                .found(found.description());
    }

    Location at() {
        return mapping.at();
    }

    /// The value under `key`, unless the key is absent or its value null.
    Optional<YamlNode> value(String key) {
        return mapping.entry(key).map(YamlNode.Entry::value);
    }

    /// The value under `key`, which `place` requires.
    Optional<YamlNode> required(String key, String place) {
        Optional<YamlNode> value = value(key);
        if (value.isEmpty()) {
            problems.add(Problem.recipe(at(), "no '" + key + "' in " + place));
        }
        return value;
    }

    /// The form that the section defines for a key.
    ///
    /// @throws IllegalArgumentException if the section has no such key with this form, since only
    ///     described keys may be read
    private <F extends Form> F form(String key, Class<F> form) {
        return section.key(key).stream()
                .flatMap(k -> k.form().choices().stream())
                .filter(form::isInstance)
                .map(form::cast)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "no %s '%s' %s".formatted(form, key, section.place())));
    }

    private boolean mayBeText(String key) {
        return section.key(key).stream()
                .flatMap(k -> k.form().choices().stream())
                .anyMatch(f ->
                        f instanceof Form.Text
                                || f instanceof Form.Words
                                || f instanceof Form.Named);
    }

    Optional<Located<String>> text(String key) {
        if (!mayBeText(key)) {
            throw new IllegalArgumentException("no text '" + key + "' " + section.place());
        }
        Optional<YamlNode> value = value(key);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (value.get() instanceof YamlNode.Scalar scalar && !scalar.text().isBlank()) {
            return Optional.of(new Located<>(scalar.text(), scalar.at()));
        }
        problems.add(wrongForm("'" + key + "'", "text", value.get()));
        return Optional.empty();
    }

    /// The items under `key`. Adds a problem and returns no items if it is not a list or is empty.
    List<YamlNode> items(String key, String expected) {
        Optional<YamlNode> value = value(key);
        if (value.isEmpty()) {
            return List.of();
        }
        if (value.get() instanceof YamlNode.Sequence list && !list.items().isEmpty()) {
            return list.items();
        }
        problems.add(wrongForm("'" + key + "'", expected, value.get()));
        return List.of();
    }

    /// `true` or `false`, quoted or not.
    Optional<Boolean> flag(String key) {
        form(key, Form.Flag.class);
        Optional<YamlNode> value = value(key);
        Optional<Boolean> flag =
                value.filter(v -> v instanceof YamlNode.Scalar)
                        .flatMap(v -> ScalarRules.boolText(((YamlNode.Scalar) v).text()));
        if (value.isPresent() && flag.isEmpty()) {
            problems.add(wrongForm("'" + key + "'", "true or false", value.get()));
        }
        return flag;
    }

    /// A finite number.
    Optional<Located<Double>> number(String key) {
        form(key, Form.Number.class);
        Optional<YamlNode> value = value(key);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        OptionalDouble number =
                value.get() instanceof YamlNode.Scalar scalar
                        ? ScalarRules.number(scalar)
                        : OptionalDouble.empty();
        if (number.isEmpty() || !Double.isFinite(number.getAsDouble())) {
            problems.add(wrongForm("'" + key + "'", "a finite number", value.get()));
            return Optional.empty();
        }
        return Optional.of(new Located<>(number.getAsDouble(), value.get().at()));
    }

    /// A whole number, at least the minimum that the section defines for the key. Callers check any
    /// upper limit.
    Optional<Located<Integer>> count(String key) {
        int least = form(key, Form.Count.class).least();
        Optional<YamlNode> value = value(key);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        OptionalInt number =
                value.get() instanceof YamlNode.Scalar scalar
                        ? ScalarRules.integer(scalar)
                        : OptionalInt.empty();
        if (number.isEmpty() || number.getAsInt() < least) {
            problems.add(
                    wrongForm(
                            "'" + key + "'", "a whole number, " + least + " or more", value.get()));
            return Optional.empty();
        }
        return Optional.of(new Located<>(number.getAsInt(), value.get().at()));
    }

    /// A list of strings, which may be empty.
    List<Located<String>> texts(String key) {
        form(key, Form.ListOf.class);
        Optional<YamlNode> value = value(key);
        if (value.isEmpty()) {
            return List.of();
        }
        if (!(value.get() instanceof YamlNode.Sequence list)) {
            problems.add(wrongForm("'" + key + "'", "a list of strings", value.get()));
            return List.of();
        }
        List<Located<String>> texts = new ArrayList<>();
        for (YamlNode item : list.items()) {
            if (item instanceof YamlNode.Scalar scalar && !scalar.text().isBlank()) {
                texts.add(new Located<>(scalar.text(), scalar.at()));
            } else {
                problems.add(wrongForm("an entry of '" + key + "'", "text", item));
            }
        }
        return texts;
    }
}
