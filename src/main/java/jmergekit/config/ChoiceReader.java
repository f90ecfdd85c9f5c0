package jmergekit.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Reads choices: `{choice: [a, b], start: b}`.
record ChoiceReader(Problems problems) {
    Optional<MarkValue> read(Fields fields) {
        YamlNode node = fields.value("choice").orElseThrow();
        List<YamlNode> items = node instanceof YamlNode.Sequence list ? list.items() : List.of();
        List<String> options = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (YamlNode item : items) {
            if (item instanceof YamlNode.Scalar scalar) {
                options.add(scalar.isNull() ? "nothing" : scalar.text());
                texts.add(text(scalar));
            } else {
                problems.add(
                        Fields.wrongForm("an entry of 'choice'", "a single value", item)
                                .found(MarkReader.description(item)));
            }
        }
        if (texts.size() < items.size()) {
            return Optional.empty();
        }
        if (texts.size() < 2) {
            problems.add(Fields.wrongForm("'choice'", "a list of two or more values", node));
            return Optional.empty();
        }
        if (texts.stream().distinct().count() < texts.size()) {
            problems.add(
                    Problem.recipe(node.at(), "'choice' has duplicate values")
                            .found(String.join(", ", texts)));
            return Optional.empty();
        }
        Optional<YamlNode> start = fields.value("start");
        int index =
                start.map(s ->
                                s instanceof YamlNode.Scalar scalar
                                        ? texts.indexOf(text(scalar))
                                        : -1)
                        .orElse(0);
        if (index < 0) {
            problems.add(
                    Fields.wrongForm(
                            "'start'",
                            "one of " + String.join(", ", options),
                            start.orElseThrow()));
            return Optional.empty();
        }
        List<Optional<Boolean>> flags =
                items.stream().map(i -> ScalarRules.bool((YamlNode.Scalar) i)).toList();
        if (flags.size() == 2 && flags.stream().allMatch(Optional::isPresent)) {
            return flag(node, flags.getFirst().get(), flags.getLast().get(), index);
        }
        return Optional.of(new MarkValue.Choice(List.copyOf(options), List.copyOf(texts), index));
    }

    private Optional<MarkValue> flag(YamlNode node, boolean first, boolean second, int index) {
        if (first == second) {
            problems.add(
                    Problem.recipe(node.at(), "'choice' has duplicate values")
                            .found(String.valueOf(first)));
            return Optional.empty();
        }
        return Optional.of(new MarkValue.Flag(index == 0 ? first : second));
    }

    // Text that is unquoted inside brackets can be unquoted anywhere.
    private static String text(YamlNode.Scalar scalar) {
        if (scalar.isNull()) {
            return "null";
        }
        boolean meansMore =
                scalar.plain()
                        && (ScalarRules.bool(scalar).isPresent()
                                || ScalarRules.number(scalar).isPresent());
        return meansMore ? scalar.text() : YamlScalar.of(scalar.text());
    }
}
