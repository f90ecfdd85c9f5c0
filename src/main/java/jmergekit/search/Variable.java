package jmergekit.search;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// A value that a search chooses, represented by numbers of a [Point].
public sealed interface Variable {
    /// Unique in its space.
    String name();

    /// The number of values that it occupies in a point.
    int width();

    /// Whether it may have these values, as many as its width.
    boolean allows(double... values);

    /// A number.
    ///
    /// @param low smallest value; may be infinite, together with `high`
    /// @param high largest value
    /// @param logarithmic whether to scale by factors instead of differences; requires `low` above
    ///     0
    /// @param start where a search may begin; moved to the nearest step
    /// @param step values are multiples of this above `low`, at most `high - low`; 0 allows any
    ///     value, as for unbounded numbers
    record Real(
            String name, double low, double high, boolean logarithmic, double start, double step)
            implements Variable {
        public Real {
            boolean fits = low < high && start >= low && start <= high && Double.isFinite(start);
            boolean bounded = Double.isFinite(low) && Double.isFinite(high);
            boolean open = Double.isInfinite(low) && Double.isInfinite(high) && !logarithmic;
            if (!fits || !(bounded || open) || logarithmic && !(low > 0)) {
                throw new IllegalArgumentException(
                        "invalid range for '%s': %s to %s from %s"
                                .formatted(name, low, high, start));
            }
            if (step != 0 && !(step > 0 && step <= high - low && bounded)) {
                throw new IllegalArgumentException(
                        "invalid step for '%s': %s from %s to %s".formatted(name, step, low, high));
            }
            start = nearest(start, low, high, step);
        }

        /// A number without steps.
        public Real(String name, double low, double high, boolean logarithmic, double start) {
            this(name, low, high, logarithmic, start, 0);
        }

        /// A number without bounds.
        public static Real unbounded(String name, double start) {
            return new Real(name, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, false, start);
        }

        /// Whether the number is bounded.
        public boolean isBounded() {
            return Double.isFinite(low);
        }

        @Override
        public boolean allows(double... values) {
            double value = values[0];
            return Double.isFinite(value)
                    && value >= low
                    && value <= high
                    && nearest(value) == value;
        }

        /// The allowed value nearest to this finite one.
        public double nearest(double value) {
            return nearest(value, low, high, step);
        }

        // Computed in decimal: three steps of 0.1 are 0.3.
        private static double nearest(double value, double low, double high, double step) {
            double bounded = Math.clamp(value, low, high);
            if (step == 0) {
                return bounded;
            }
            BigDecimal from = BigDecimal.valueOf(low);
            BigDecimal size = BigDecimal.valueOf(step);
            BigDecimal steps =
                    BigDecimal.valueOf(bounded)
                            .subtract(from)
                            .divide(size, 0, RoundingMode.HALF_UP)
                            .min(steps(low, high, step));
            return from.add(steps.multiply(size)).doubleValue();
        }

        private static BigDecimal steps(double low, double high, double step) {
            return BigDecimal.valueOf(high)
                    .subtract(BigDecimal.valueOf(low))
                    .divide(BigDecimal.valueOf(step), 0, RoundingMode.FLOOR);
        }

        /// The number of allowed values; [Integer#MAX_VALUE] if there are more, or no steps.
        public int count() {
            BigDecimal most = BigDecimal.valueOf(Integer.MAX_VALUE);
            return step == 0
                    ? Integer.MAX_VALUE
                    : steps(low, high, step).add(BigDecimal.ONE).min(most).intValue();
        }

        @Override
        public int width() {
            return 1;
        }
    }

    /// One of several options, represented by its index.
    ///
    /// @param options at least two, in words
    /// @param start index of the option where a search may begin
    record Choice(String name, List<String> options, int start) implements Variable {
        public Choice {
            options = List.copyOf(options);
            if (options.size() < 2 || start < 0 || start >= options.size()) {
                throw new IllegalArgumentException("invalid choice for '%s'".formatted(name));
            }
        }

        @Override
        public boolean allows(double... values) {
            return IntStream.range(0, options.size()).anyMatch(i -> i == values[0]);
        }

        @Override
        public int width() {
            return 1;
        }
    }

    /// Yes, 1, or no, 0.
    record Flag(String name, boolean start) implements Variable {
        @Override
        public boolean allows(double... values) {
            return values[0] == 0 || values[0] == 1;
        }

        @Override
        public int width() {
            return 1;
        }
    }

    /// An order of `items` things: a permutation of `0 … items - 1`, first thing first. A search
    /// begins with the identity.
    record Order(String name, int items) implements Variable {
        public Order {
            if (items < 2) {
                throw new IllegalArgumentException("nothing to order: '" + name + "'");
            }
        }

        @Override
        public boolean allows(double... values) {
            double[] sorted = Arrays.stream(values).sorted().toArray();
            return IntStream.range(0, items).allMatch(i -> i == sorted[i]);
        }

        @Override
        public int width() {
            return items;
        }
    }
}
