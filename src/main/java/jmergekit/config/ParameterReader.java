package jmergekit.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import jmergekit.method.MergeMethods;
import jmergekit.method.MethodInfo;
import jmergekit.method.Param.Kind;
import jmergekit.method.Value;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Reads `parameters`: values, gradients and conditional values.
///
/// @param methods define the values of their parameters
/// @param method the recipe's method; empty if it names no existing one
/// @param names problems with names, for a recipe that is not checked further
record ParameterReader(
        MergeMethods methods, Optional<MethodInfo> method, Problems problems, Problems names) {
    private static final String CONDITIONS = "a list of mappings with 'filter' and 'value'";

    /// The fields of a level that may have `parameters`; see [Fields#of].
    Optional<Fields> level(YamlNode node, Section section, String subject) {
        return Fields.of(node, section, methods, subject, problems);
    }

    /// The `parameters` of one level, if it has any.
    ParameterSet read(Fields level) {
        return level.value("parameters")
                .map(value -> read(value, "'parameters'"))
                .orElse(ParameterSet.EMPTY);
    }

    /// The parameters by name. Adds a problem and returns none if `node` is not a mapping.
    /// `subject` names it.
    ParameterSet read(YamlNode node, String subject) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
            problems.add(Fields.wrongForm(subject, "a mapping", node));
            return ParameterSet.EMPTY;
        }
        Map<String, Located<Setting>> settings = new LinkedHashMap<>();
        UnknownParameter unknown = new UnknownParameter(method, methods);
        for (YamlNode.Entry entry : mapping.entries()) {
            unknown.problem(entry.key().text(), entry.at()).ifPresent(names::add);
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
            default -> unconditional(name, value, true);
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
                .flatMap(value -> unconditional(name, value, false))
                .map(value -> new Clause(filter, value, fields.at()));
    }

    // An empty string is part of every name.
    private static Optional<String> filter(Fields fields) {
        boolean everything =
                fields.value("filter")
                        .filter(v -> v instanceof YamlNode.Scalar s && s.text().isEmpty())
                        .isPresent();
        return everything ? Optional.empty() : fields.text("filter").map(Located::value);
    }

    /// @param conditions whether conditions are also allowed here
    private Optional<Setting> unconditional(String name, YamlNode value, boolean conditions) {
        return switch (methods.kind(method, name).orElseGet(() -> kindOf(value))) {
            case NUMBER, FLAG -> numberOrGradient(name, value, conditions);
            case WORD ->
                    word(name, value, forms(conditions, "a word"))
                            .map(word -> new Setting.Constant(Value.of(word)));
            case NUMBERS -> {
                String forms = forms(conditions, "a list of numbers");
                yield items(
                                name,
                                value,
                                forms,
                                item -> number(name, item, "only numbers in this list"))
                        .map(numbers -> new Setting.Constant(Value.ofNumbers(numbers)));
            }
            case WORDS -> {
                String forms = forms(conditions, "a list of words");
                yield items(name, value, forms, item -> word(name, item, "only words in this list"))
                        .map(words -> new Setting.Constant(Value.ofWords(words)));
            }
        };
    }

    // If no method has the parameter, only its name matters, not its value.
    private static Kind kindOf(YamlNode value) {
        return switch (value) {
            case YamlNode.Scalar scalar -> isWord(scalar) ? Kind.WORD : Kind.NUMBER;
            case YamlNode.Sequence list ->
                    list.items().stream().anyMatch(i -> i instanceof YamlNode.Scalar s && isWord(s))
                            ? Kind.WORDS
                            : Kind.NUMBER;
            case YamlNode.Mapping _ -> Kind.NUMBER;
        };
    }

    private static boolean isWord(YamlNode.Scalar scalar) {
        return !scalar.isNull()
                && !scalar.text().isBlank()
                && ScalarRules.bool(scalar).isEmpty()
                && ScalarRules.number(scalar).isEmpty();
    }

    private static String forms(boolean conditions, String... forms) {
        List<String> all = new ArrayList<>(List.of(forms));
        if (conditions) {
            all.add(CONDITIONS);
        }
        return all.size() < 3
                ? String.join(" or ", all)
                : String.join(", ", all.subList(0, 2)) + ", or " + all.getLast();
    }

    private Optional<Setting> numberOrGradient(String name, YamlNode value, boolean conditions) {
        String forms = forms(conditions, "a number", "a list of numbers");
        if (!(value instanceof YamlNode.Sequence list) || list.items().isEmpty()) {
            return number(name, value, forms).map(n -> new Setting.Constant(Value.of(n)));
        }
        return items(name, value, forms, item -> number(name, item, "only numbers in this list"))
                .map(Setting.Gradient::new);
    }

    private <T> Optional<List<T>> items(
            String name, YamlNode value, String forms, Function<YamlNode, Optional<T>> reader) {
        if (!(value instanceof YamlNode.Sequence list)) {
            problems.add(Fields.wrongForm("parameter '" + name + "'", forms, value));
            return Optional.empty();
        }
        List<T> items = new ArrayList<>();
        for (YamlNode item : list.items()) {
            reader.apply(item).ifPresent(items::add);
        }
        return items.size() == list.items().size() ? Optional.of(items) : Optional.empty();
    }

    private Optional<String> word(String name, YamlNode value, String forms) {
        if (value instanceof YamlNode.Scalar scalar
                && !scalar.text().isBlank()
                && !scalar.isNull()) {
            return Optional.of(scalar.text());
        }
        problems.add(Fields.wrongForm("parameter '" + name + "'", forms, value));
        return Optional.empty();
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
