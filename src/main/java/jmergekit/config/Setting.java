package jmergekit.config;

import java.util.List;
import java.util.Optional;
import jmergekit.method.Value;

/// The value a recipe sets for a method parameter.
public sealed interface Setting {
    /// The value for a tensor at position `t` (0 to 1) of its slice; empty if no clause matches.
    Optional<Value> value(String tensorName, double t);

    /// The same value everywhere.
    record Constant(Value value) implements Setting {
        @Override
        public Optional<Value> value(String tensorName, double t) {
            return Optional.of(value);
        }
    }

    /// Numbers spread evenly over the layers of a slice, with linear interpolation between them.
    record Gradient(List<Double> numbers) implements Setting {
        public Gradient {
            numbers = List.copyOf(numbers);
            if (numbers.isEmpty()) {
                throw new IllegalArgumentException("a gradient needs numbers");
            }
        }

        @Override
        public Optional<Value> value(String tensorName, double t) {
            if (!(t >= 0 && t <= 1)) {
                throw new IllegalArgumentException("position " + t + " is not in [0, 1]");
            }
            double x = t * (numbers.size() - 1);
            int i = (int) x;
            double fraction = x - i;
            double low = numbers.get(i);
            double high = numbers.get(Math.min(i + 1, numbers.size() - 1));
            return Optional.of(Value.of((1 - fraction) * low + fraction * high));
        }
    }

    /// Values by tensor name: the first matching clause applies.
    record Conditional(List<Clause> clauses) implements Setting {
        public Conditional {
            clauses = List.copyOf(clauses);
        }

        @Override
        public Optional<Value> value(String tensorName, double t) {
            return clauses.stream()
                    .filter(clause -> clause.matches(tensorName))
                    .findFirst()
                    .flatMap(clause -> clause.value().value(tensorName, t));
        }
    }
}
