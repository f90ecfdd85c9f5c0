package jmergekit.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Reads `parameters`: numbers, gradients and conditional values.
record ParameterReader(Problems problems) {
    private static final String FORMS =
            "a number, a list of numbers, or a list of mappings with 'filter' and 'value'";

    /// The `parameters` of one level, if it has any.
    ParameterSet read(Fields level) {
        Optional<YamlNode> value = level.value("parameters");
        if (value.isEmpty()) {
            return ParameterSet.EMPTY;
        }
        if (!(value.get() instanceof YamlNode.Mapping mapping)) {
            problems.add(Fields.wrongForm("'parameters'", "a mapping", value.get()));
            return ParameterSet.EMPTY;
        }
        Map<String, Located<Setting>> settings = new LinkedHashMap<>();
        for (YamlNode.Entry entry : mapping.entries()) {
            setting(entry.key().text(), entry.value())
                    .ifPresent(setting ->
                            settings.put(entry.key().text(), new Located<>(setting, entry.at())));
        }
        return new ParameterSet(settings);
    }

    private Optional<Setting> setting(String name, YamlNode value) {
        return switch (value) {
            case YamlNode.Mapping mapping -> conditional(name, List.of(mapping));
            case YamlNode.Sequence list
                    when !list.items().isEmpty()
                            && list.items().getFirst() instanceof YamlNode.Mapping ->
                    conditional(name, list.items());
            default -> unconditional(name, value, FORMS);
        };
    }

    private Optional<Setting> conditional(String name, List<YamlNode> items) {
        List<Clause> clauses = new ArrayList<>();
        for (YamlNode item : items) {
            Fields.of(item, Section.CLAUSE, "a case of parameter '" + name + "'", problems)
                    .flatMap(fields -> clause(name, fields))
                    .ifPresent(clauses::add);
        }
        return clauses.size() == items.size()
                ? Optional.of(new Setting.Conditional(clauses))
                : Optional.empty();
    }

    private Optional<Clause> clause(String name, Fields fields) {
        Optional<String> filter = filter(fields);
        return fields.required("value", "a case of parameter '" + name + "'")
                .flatMap(value -> unconditional(name, value, "a number or a list of numbers"))
                .map(value -> new Clause(filter, value, fields.at()));
    }

    // An empty text is a part of every name.
    private static Optional<String> filter(Fields fields) {
        boolean everything =
                fields.value("filter")
                        .filter(v -> v instanceof YamlNode.Scalar s && s.text().isEmpty())
                        .isPresent();
        return everything ? Optional.empty() : fields.text("filter").map(Located::value);
    }

    private Optional<Setting> unconditional(String name, YamlNode value, String forms) {
        if (!(value instanceof YamlNode.Sequence list) || list.items().isEmpty()) {
            return number(name, value, forms).map(Setting.Scalar::new);
        }
        List<Double> numbers = new ArrayList<>();
        for (YamlNode item : list.items()) {
            number(name, item, "only numbers in this list").ifPresent(numbers::add);
        }
        return numbers.size() == list.items().size()
                ? Optional.of(new Setting.Gradient(numbers))
                : Optional.empty();
    }

    private Optional<Double> number(String name, YamlNode value, String forms) {
        if (value instanceof YamlNode.Scalar scalar) {
            Optional<Boolean> bool = ScalarRules.bool(scalar);
            if (bool.isPresent()) {
                return bool.map(yes -> yes ? 1.0 : 0.0);
            }
            OptionalDouble number = ScalarRules.number(scalar);
            if (number.isPresent() && Double.isFinite(number.getAsDouble())) {
                return Optional.of(number.getAsDouble());
            }
            if (number.isPresent()) {
                problems.add(
                        Problem.recipe(value.at(), "parameter '" + name + "' is not finite")
                                .expected("a finite number")
                                .found(value.description()));
                return Optional.empty();
            }
        }
        problems.add(Fields.wrongForm("parameter '" + name + "'", forms, value));
        return Optional.empty();
    }
}
