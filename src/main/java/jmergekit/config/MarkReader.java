package jmergekit.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Reads search marks: `{search: [low, high]}`, `{choice: [a, b]}`, `{gradient: 4, search: …}`.
record MarkReader(Problems problems) {
    private static final String PLACE = "the search mark";
    private static final int MOST_POINTS = 1000;

    /// Whether a mapping is meant as a mark.
    static boolean isMark(YamlNode.Mapping mapping) {
        return List.of("search", "choice", "gradient").stream()
                .anyMatch(mapping.byKey()::containsKey);
    }

    Optional<MarkValue> read(YamlNode.Mapping mapping) {
        Fields fields = Fields.of(mapping, Section.MARK, PLACE, problems).orElseThrow();
        if (fields.value("choice").isEmpty()) {
            return range(fields);
        }
        for (String other : List.of("search", "gradient", "scale", "step")) {
            fields.value(other)
                    .ifPresent(value ->
                            problems.add(
                                    Problem.recipe(
                                            value.at(),
                                            "'" + other + "' has no meaning beside 'choice'")));
        }
        return choice(fields);
    }

    private Optional<MarkValue> range(Fields fields) {
        Optional<YamlNode> search = fields.required("search", PLACE);
        Optional<double[]> bounds = search.flatMap(this::bounds);
        boolean logarithmic = logarithmic(fields);
        Optional<Located<Double>> step = fields.number("step");
        Optional<Located<Integer>> gradient = fields.count("gradient", 2);
        boolean gradientIsWrong = fields.value("gradient").isPresent() && gradient.isEmpty();
        Optional<Located<Integer>> tooMany = gradient.filter(g -> g.value() > MOST_POINTS);
        tooMany.ifPresent(g ->
                problems.add(
                        Problem.recipe(g.at(), "too many control points")
                                .expected("at most " + MOST_POINTS)));
        if (bounds.isEmpty() || gradientIsWrong || tooMany.isPresent()) {
            return Optional.empty();
        }
        double low = bounds.get()[0];
        double high = bounds.get()[1];
        if (logarithmic && low <= 0) {
            problems.add(
                    Problem.recipe(search.get().at(), "a range for 'scale: log' begins above 0")
                            .found(
                                    search.get().description().startsWith("a list")
                                            ? "from " + YamlScalar.of(low)
                                            : search.get().description()));
            return Optional.empty();
        }
        step.filter(s -> !(s.value() > 0 && s.value() <= high - low))
                .ifPresent(s ->
                        problems.add(
                                Problem.recipe(s.at(), "'step' does not fit the range")
                                        .expected("above 0, at most high - low")
                                        .found(YamlScalar.of(s.value()))));
        int points = gradient.map(Located::value).orElse(1);
        double usual = logarithmic ? Math.sqrt(low) * Math.sqrt(high) : low / 2 + high / 2;
        Optional<List<Double>> starts = starts(fields, points, low, high, usual);
        if (starts.isEmpty()) {
            return Optional.empty();
        }
        double size = step.map(Located::value).orElse(0.0);
        List<MarkValue.Range> ranges = new ArrayList<>();
        for (double start : starts.get()) {
            double inside = Math.clamp(start, low, high);
            ranges.add(new MarkValue.Range(low, high, logarithmic, size, inside));
        }
        return Optional.of(
                gradient.isPresent() ? new MarkValue.Gradient(ranges) : ranges.getFirst());
    }

    private Optional<double[]> bounds(YamlNode node) {
        List<Double> numbers = new ArrayList<>();
        if (node instanceof YamlNode.Sequence list) {
            list.items().forEach(i -> number(i).ifPresent(numbers::add));
        }
        if (!(node instanceof YamlNode.Sequence list)
                || list.items().size() != 2
                || numbers.size() != 2) {
            problems.add(Fields.wrongForm("'search'", "a list of two numbers, [low, high]", node));
            return Optional.empty();
        }
        double low = numbers.getFirst();
        double high = numbers.getLast();
        if (!(low < high) || !Double.isFinite(high - low)) {
            problems.add(
                    Problem.recipe(node.at(), "'search' is not a range")
                            .expected("[low, high] with low < high")
                            .found("[" + YamlScalar.of(low) + ", " + YamlScalar.of(high) + "]"));
            return Optional.empty();
        }
        return Optional.of(new double[] {low, high});
    }

    private static Optional<Double> number(YamlNode node) {
        OptionalDouble number =
                node instanceof YamlNode.Scalar scalar
                        ? ScalarRules.number(scalar)
                        : OptionalDouble.empty();
        return number.isPresent() && Double.isFinite(number.getAsDouble())
                ? Optional.of(number.getAsDouble())
                : Optional.empty();
    }

    private boolean logarithmic(Fields fields) {
        Optional<Located<String>> scale = fields.text("scale");
        scale.filter(s -> !List.of("log", "linear").contains(s.value()))
                .ifPresent(s ->
                        problems.add(
                                Problem.recipe(s.at(), "unknown scale of a search mark")
                                        .expected("'linear' or 'log'")
                                        .found("'" + s.value() + "'")));
        return scale.filter(s -> s.value().equals("log")).isPresent();
    }

    /// A start for each control point; empty after adding a problem.
    private Optional<List<Double>> starts(
            Fields fields, int points, double low, double high, double usual) {
        Optional<YamlNode> node = fields.value("start");
        if (node.isEmpty()) {
            return Optional.of(Collections.nCopies(points, usual));
        }
        boolean each =
                node.get() instanceof YamlNode.Sequence && fields.value("gradient").isPresent();
        List<YamlNode> items =
                each
                        ? ((YamlNode.Sequence) node.get()).items()
                        : Collections.nCopies(points, node.get());
        List<Double> starts = new ArrayList<>();
        for (YamlNode item : items) {
            number(item).filter(s -> s >= low && s <= high).ifPresent(starts::add);
        }
        if (items.size() != points || starts.size() != points) {
            String range = YamlScalar.of(low) + " to " + YamlScalar.of(high);
            String what =
                    fields.value("gradient").isPresent()
                            ? "a number in the range %s, or a list of %d of them"
                                    .formatted(range, points)
                            : "a number in the range " + range;
            problems.add(Fields.wrongForm("'start'", what, node.get()));
            return Optional.empty();
        }
        return Optional.of(starts);
    }

    private Optional<MarkValue> choice(Fields fields) {
        YamlNode node = fields.value("choice").orElseThrow();
        List<YamlNode> items = node instanceof YamlNode.Sequence list ? list.items() : List.of();
        List<String> options = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (YamlNode item : items) {
            if (item instanceof YamlNode.Scalar scalar) {
                options.add(scalar.isNull() ? "nothing" : scalar.text());
                texts.add(text(scalar));
            }
        }
        if (texts.size() < 2 || texts.size() != items.size()) {
            problems.add(Fields.wrongForm("'choice'", "a list of two or more values", node));
            return Optional.empty();
        }
        if (texts.stream().distinct().count() < texts.size()) {
            problems.add(
                    Problem.recipe(node.at(), "'choice' has a value twice")
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
                    Problem.recipe(node.at(), "'choice' has a value twice")
                            .found(String.valueOf(first)));
            return Optional.empty();
        }
        return Optional.of(new MarkValue.Flag(index == 0 ? first : second));
    }

    // What is written plainly between brackets can be written so anywhere.
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
