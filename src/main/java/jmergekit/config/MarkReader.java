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

    /// Whether a mapping is a search mark.
    static boolean isMark(YamlNode.Mapping mapping) {
        return List.of("search", "choice", "gradient").stream()
                .anyMatch(mapping.byKey()::containsKey);
    }

    /// Describes what was found instead of a single value.
    static String description(YamlNode node) {
        return node instanceof YamlNode.Mapping mapping && isMark(mapping)
                ? "another mark"
                : node.description();
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
                                            "'" + other + "' cannot be combined with 'choice'")));
        }
        return new ChoiceReader(problems).read(fields);
    }

    private Optional<MarkValue> range(Fields fields) {
        Optional<YamlNode> search = fields.required("search", PLACE);
        Optional<double[]> bounds = search.flatMap(this::bounds);
        boolean logarithmic = logarithmic(fields);
        Optional<Located<Double>> step = fields.number("step");
        Optional<Located<Integer>> gradient = fields.count("gradient");
        boolean gradientIsWrong = fields.value("gradient").isPresent() && gradient.isEmpty();
        Optional<Located<Integer>> tooMany =
                gradient.filter(g -> g.value() > SearchKeys.MOST_POINTS);
        tooMany.ifPresent(g ->
                problems.add(
                        Problem.recipe(g.at(), "too many control points")
                                .expected("at most " + SearchKeys.MOST_POINTS)));
        if (bounds.isEmpty() || gradientIsWrong || tooMany.isPresent()) {
            return Optional.empty();
        }
        double low = bounds.get()[0];
        double high = bounds.get()[1];
        if (logarithmic && low <= 0) {
            problems.add(
                    Problem.recipe(search.get().at(), "a range for 'scale: log' must start above 0")
                            .found(
                                    search.get().description().startsWith("a list")
                                            ? "from " + YamlScalar.of(low)
                                            : search.get().description()));
            return Optional.empty();
        }
        Optional<Located<Double>> misfit =
                step.filter(s -> !(s.value() > 0 && s.value() <= high - low));
        misfit.ifPresent(s ->
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
        double size = misfit.isPresent() ? 0 : step.map(Located::value).orElse(0.0);
        List<MarkValue.Range> ranges = new ArrayList<>();
        for (double start : starts.get()) {
            double inside = Math.clamp(start, low, high);
            ranges.add(new MarkValue.Range(low, high, logarithmic, size, inside));
        }
        return Optional.of(
                gradient.isPresent() ? new MarkValue.Gradient(ranges) : ranges.getFirst());
    }

    private Optional<double[]> bounds(YamlNode node) {
        if (!(node instanceof YamlNode.Sequence list) || list.items().size() != 2) {
            problems.add(Fields.wrongForm("'search'", "a list of two numbers, [low, high]", node));
            return Optional.empty();
        }
        List<Double> numbers = new ArrayList<>();
        for (String end : List.of("low", "high")) {
            YamlNode item = list.items().get(end.equals("low") ? 0 : 1);
            Optional<Double> number = number(item);
            number.ifPresent(numbers::add);
            if (number.isEmpty()) {
                problems.add(
                        Fields.wrongForm("the " + end + " end of 'search'", "a finite number", item)
                                .found(description(item)));
            }
        }
        if (numbers.size() < 2) {
            return Optional.empty();
        }
        double low = numbers.getFirst();
        double high = numbers.getLast();
        if (!(low < high) || !Double.isFinite(high - low)) {
            problems.add(
                    Problem.recipe(node.at(), "'search' is not a valid range")
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
                                Problem.recipe(s.at(), "unknown scale in a search mark")
                                        .expected("'linear' or 'log'")
                                        .found("'" + s.value() + "'")));
        return scale.filter(s -> s.value().equals("log")).isPresent();
    }

    /// A start for each control point; empty if a problem was added.
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
                            ? "a number in the range %s, or a list of %d such numbers"
                                    .formatted(range, points)
                            : "a number in the range " + range;
            problems.add(Fields.wrongForm("'start'", what, node.get()));
            return Optional.empty();
        }
        return Optional.of(starts);
    }
}
