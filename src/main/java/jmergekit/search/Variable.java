package jmergekit.search;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Something that a search may choose, and the numbers of a [Point] that it takes.
public sealed interface Variable {
    /// Unique in its space.
    String name();

    /// How many numbers of a point are its own.
    int width();

    /// Whether it may have these numbers, as many as its width.
    boolean allows(double... values);

    /// A number.
    ///
    /// @param low least value; may be infinite, together with `high`
    /// @param high greatest value
    /// @param logarithmic whether factors count, not differences; only with `low` above 0
    /// @param start where a search may begin
    record Real(String name, double low, double high, boolean logarithmic, double start)
            implements Variable {
        public Real {
            boolean fits = low < high && start >= low && start <= high && Double.isFinite(start);
            boolean bounded = Double.isFinite(low) && Double.isFinite(high);
            boolean open = Double.isInfinite(low) && Double.isInfinite(high) && !logarithmic;
            if (!fits || !(bounded || open) || logarithmic && !(low > 0)) {
                throw new IllegalArgumentException(
                        "no range for '%s': %s to %s from %s".formatted(name, low, high, start));
            }
        }

        /// A number without bounds.
        public static Real unbounded(String name, double start) {
            return new Real(name, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, false, start);
        }

        /// Whether there are bounds.
        public boolean isBounded() {
            return Double.isFinite(low);
        }

        @Override
        public boolean allows(double... values) {
            return Double.isFinite(values[0]) && values[0] >= low && values[0] <= high;
        }

        @Override
        public int width() {
            return 1;
        }
    }

    /// One of several options: the number is the option's index.
    ///
    /// @param options at least two, in words
    /// @param start index of the one where a search may begin
    record Choice(String name, List<String> options, int start) implements Variable {
        public Choice {
            options = List.copyOf(options);
            if (options.size() < 2 || start < 0 || start >= options.size()) {
                throw new IllegalArgumentException("no choice for '%s'".formatted(name));
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

    /// An order of `items` things: the numbers are a permutation of `0 … items - 1`, the first thing
    /// first. A search begins with the things as they are.
    record Order(String name, int items) implements Variable {
        public Order {
            if (items < 2) {
                throw new IllegalArgumentException("nothing to put in order: '" + name + "'");
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
