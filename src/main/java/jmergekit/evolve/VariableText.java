package jmergekit.evolve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import jmergekit.page.Numbers;
import jmergekit.page.Scale;
import jmergekit.search.Variable;

/// Formats values of variables: as one number on an axis, and in words.
final class VariableText {
    private VariableText() {}

    /// The value as one number; for an order, the number of pairs that are swapped relative to the
    /// start.
    static double number(Variable variable, double[] values) {
        return variable instanceof Variable.Order ? turnedPairs(values) : values[0];
    }

    /// The value in words.
    static String text(Variable variable, double[] values) {
        return switch (variable) {
            case Variable.Real real -> Numbers.brief(values[0]);
            case Variable.Choice choice -> option(choice.options(), values[0]);
            case Variable.Flag flag -> values[0] == 0 ? "no" : "yes";
            case Variable.Order order ->
                    Arrays.stream(values)
                            .mapToObj(v -> String.valueOf((long) v))
                            .collect(Collectors.joining(", "));
        };
    }

    /// Where the search may start.
    static double[] start(Variable variable) {
        return switch (variable) {
            case Variable.Real real -> new double[] {real.start()};
            case Variable.Choice choice -> new double[] {choice.start()};
            case Variable.Flag flag -> new double[] {flag.start() ? 1 : 0};
            case Variable.Order order -> {
                double[] values = new double[order.items()];
                Arrays.setAll(values, i -> i);
                yield values;
            }
        };
    }

    /// The possible values, in words.
    static String range(Variable variable) {
        return switch (variable) {
            case Variable.Real real when !real.isBounded() -> "any number";
            case Variable.Real real ->
                    "%s to %s%s%s"
                            .formatted(
                                    Numbers.brief(real.low()),
                                    Numbers.brief(real.high()),
                                    real.logarithmic() ? ", by factors" : "",
                                    real.step() > 0
                                            ? ", in steps of " + Numbers.brief(real.step())
                                            : "");
            case Variable.Choice choice -> String.join(", ", choice.options());
            case Variable.Flag flag -> "no or yes";
            case Variable.Order order -> "an order of " + order.items();
        };
    }

    /// The variable's range, or the range of the values if it is unbounded.
    static Scale scale(Variable variable, double[] numbers) {
        return switch (variable) {
            case Variable.Real real when !usable(real) -> Scale.around(numbers);
            case Variable.Real real ->
                    real.logarithmic()
                            ? Scale.logarithmic(real.low(), real.high())
                            : Scale.of(real.low(), real.high());
            case Variable.Choice choice -> Scale.named(choice.options());
            case Variable.Flag flag -> Scale.named(List.of("no", "yes"));
            case Variable.Order order -> Scale.of(0, order.items() * (order.items() - 1) / 2.0);
        };
    }

    private static boolean usable(Variable.Real real) {
        return real.isBounded() && Math.abs(real.low()) < 1e300 && Math.abs(real.high()) < 1e300;
    }

    private static String option(List<String> options, double value) {
        int index = (int) value;
        return index >= 0 && index < options.size() ? options.get(index) : Numbers.text(value);
    }

    private static double turnedPairs(double[] order) {
        List<Double> before = new ArrayList<>();
        long turned = 0;
        for (double item : order) {
            turned += before.stream().filter(b -> b > item).count();
            before.add(item);
        }
        return turned;
    }
}
