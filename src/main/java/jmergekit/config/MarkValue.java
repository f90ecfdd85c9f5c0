package jmergekit.config;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import jmergekit.method.Value;
import jmergekit.search.Variable;

/// The space of values of a search mark.
sealed interface MarkValue {
    /// The variables, with names starting with `name`.
    List<Variable> variables(String name);

    /// The recipe text for these values of the variables.
    String text(List<Double> values);

    /// The ends of a range, or all possible values.
    List<Value> extremes();

    /// A number.
    ///
    /// @param step the distance between allowed values, counted from `low`; 0 allows any value
    record Range(double low, double high, boolean logarithmic, double step, double start)
            implements MarkValue {
        private static final double LARGEST_WHOLE = 1L << 53;

        @Override
        public List<Variable> variables(String name) {
            return List.of(real(name));
        }

        private Variable.Real real(String name) {
            return new Variable.Real(name, low, high, logarithmic, start, step);
        }

        @Override
        public String text(List<Double> values) {
            return text(values.getFirst());
        }

        String text(double value) {
            double allowed = real("").nearest(value);
            boolean whole = step > 0 && isWhole(low) && isWhole(step) && isWhole(allowed);
            return whole ? String.valueOf((long) allowed) : YamlScalar.of(allowed);
        }

        @Override
        public List<Value> extremes() {
            return List.of(
                    Value.of(Double.parseDouble(text(low))),
                    Value.of(Double.parseDouble(text(high))));
        }

        private static boolean isWhole(double value) {
            return Math.rint(value) == value && Math.abs(value) <= LARGEST_WHOLE;
        }
    }

    /// A list of numbers to interpolate over the layers.
    record Gradient(List<Range> points) implements MarkValue {
        @Override
        public List<Variable> variables(String name) {
            List<Variable> variables = new ArrayList<>();
            for (int i = 0; i < points.size(); i++) {
                String own = name + " · " + (i + 1) + " of " + points.size();
                variables.addAll(points.get(i).variables(own));
            }
            return variables;
        }

        @Override
        public List<Value> extremes() {
            return points.getFirst().extremes();
        }

        @Override
        public String text(List<Double> values) {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < points.size(); i++) {
                texts.add(points.get(i).text(values.get(i)));
            }
            return texts.stream().collect(Collectors.joining(", ", "[", "]"));
        }
    }

    /// One of several values.
    ///
    /// @param options for display
    /// @param texts in YAML
    record Choice(List<String> options, List<String> texts, int start) implements MarkValue {
        @Override
        public List<Variable> variables(String name) {
            return List.of(new Variable.Choice(name, options, start));
        }

        @Override
        public List<Value> extremes() {
            return texts.stream().map(Choice::value).toList();
        }

        private static Value value(String text) {
            OptionalDouble number =
                    ScalarRules.number(
                            new YamlNode.Scalar(text, true, SourceText.of("", "").start()));
            return number.isPresent() ? Value.of(number.getAsDouble()) : Value.of(text);
        }

        @Override
        public String text(List<Double> values) {
            int index = (int) Math.clamp(Math.rint(values.getFirst()), 0, texts.size() - 1);
            return texts.get(index);
        }
    }

    /// Yes or no.
    record Flag(boolean start) implements MarkValue {
        @Override
        public List<Variable> variables(String name) {
            return List.of(new Variable.Flag(name, start));
        }

        @Override
        public List<Value> extremes() {
            return List.of(Value.of(0), Value.of(1));
        }

        @Override
        public String text(List<Double> values) {
            return String.valueOf(values.getFirst() >= 0.5);
        }
    }
}
