package jmergekit.config;

import java.util.List;
import java.util.OptionalDouble;

/// What a recipe sets a method parameter to. Booleans are 0 and 1.
public sealed interface Setting {
    /// The value for a tensor at position `t` (0 to 1) of its slice; empty if no clause matches.
    OptionalDouble value(String tensorName, double t);

    /// The same number everywhere.
    record Scalar(double number) implements Setting {
        @Override
        public OptionalDouble value(String tensorName, double t) {
            return OptionalDouble.of(number);
        }
    }

    /// Numbers spread evenly over the layers of a slice, with linear interpolation between them.
    record Gradient(List<Double> numbers) implements Setting {
        public Gradient {
            numbers = List.copyOf(numbers);
            if (numbers.isEmpty()) {
                throw new IllegalArgumentException("a gradient without numbers");
            }
        }

        @Override
        public OptionalDouble value(String tensorName, double t) {
            if (!(t >= 0 && t <= 1)) {
                throw new IllegalArgumentException("position " + t + " is not in [0, 1]");
            }
            double x = t * (numbers.size() - 1);
            int i = (int) x;
            double fraction = x - i;
            double low = numbers.get(i);
            double high = numbers.get(Math.min(i + 1, numbers.size() - 1));
            return OptionalDouble.of((1 - fraction) * low + fraction * high);
        }
    }

    /// Values by tensor name: the first clause that matches decides.
    record Conditional(List<Clause> clauses) implements Setting {
        public Conditional {
            clauses = List.copyOf(clauses);
        }

        @Override
        public OptionalDouble value(String tensorName, double t) {
            return clauses.stream()
                    .filter(clause -> clause.matches(tensorName))
                    .findFirst()
                    .map(clause -> clause.value().value(tensorName, t))
                    .orElseGet(OptionalDouble::empty);
        }
    }
}
