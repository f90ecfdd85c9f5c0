package jmergekit.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The position of values between the ends of an axis, and its ticks.
///
/// @param low the value at the start
/// @param high the value at the end, above `low`
/// @param logarithmic whether equal factors have equal lengths; requires `low` above 0
/// @param names names of the integers from 0, if the axis has words instead of numbers
public record Scale(double low, double high, boolean logarithmic, List<String> names) {
    /// Beyond this, differences overflow.
    private static final double GREATEST = 1e300;

    /// A value with its text.
    public record Tick(double value, String text) {}

    public Scale {
        names = List.copyOf(names);
        boolean finite = Math.abs(low) <= GREATEST && Math.abs(high) <= GREATEST;
        if (!finite || !(low < high) || logarithmic && !(low > 0)) {
            throw new IllegalArgumentException("not a valid scale: %s to %s".formatted(low, high));
        }
    }

    /// A linear scale.
    public static Scale of(double low, double high) {
        return new Scale(low, high, false, List.of());
    }

    /// A logarithmic scale.
    public static Scale logarithmic(double low, double high) {
        return new Scale(low, high, true, List.of());
    }

    /// A scale with words for 0, 1, 2, …, with a margin on both sides.
    public static Scale named(List<String> names) {
        return new Scale(-0.5, names.size() - 0.5, false, names);
    }

    /// A scale around the finite values among these, with a small margin; from 0 to 1 if there are
    /// none.
    public static Scale around(double... values) {
        double[] finite =
                Arrays.stream(values)
                        .filter(Double::isFinite)
                        .map(v -> Math.clamp(v, -GREATEST / 4, GREATEST / 4))
                        .toArray();
        double low = Arrays.stream(finite).min().orElse(0);
        double high = Arrays.stream(finite).max().orElse(1);
        double least = Math.max(Math.abs(low), Math.abs(high)) * 1e-9;
        double room = high - low > least ? (high - low) * 0.05 : Math.max(Math.abs(low) * 0.1, 0.5);
        return of(low - room, high + room);
    }

    /// The position, from 0 at the start to 1 at the end; less or more outside.
    public double position(double value) {
        return logarithmic
                ? Math.log(value / low) / Math.log(high / low)
                : (value - low) / (high - low);
    }

    /// Whether a value is between the ends.
    public boolean contains(double value) {
        return value >= low && value <= high;
    }

    /// A value as a word or number.
    public String text(double value) {
        int index = (int) Math.round(value);
        return index >= 0 && index < names.size() ? names.get(index) : Numbers.brief(value);
    }

    /// Round values between the ends: 1, 2 or 5 times a power of ten apart.
    ///
    /// @param most the maximum number of ticks, at least 2
    public List<Tick> ticks(int most) {
        if (!names.isEmpty()) {
            return named(most);
        }
        List<Tick> powers = logarithmic ? powers(most) : List.of();
        return powers.size() >= 2 ? powers : steps(most);
    }

    private List<Tick> named(int most) {
        List<Tick> ticks = new ArrayList<>();
        int stride = Math.max(1, (names.size() + most - 1) / most);
        for (int i = 0; i < names.size(); i += stride) {
            ticks.add(new Tick(i, names.get(i)));
        }
        return ticks;
    }

    private List<Tick> steps(int most) {
        double step = step((high - low) / most);
        int decimals = (int) Math.clamp(-Math.floor(Math.log10(step) + 1e-9), 0, 12);
        List<Tick> ticks = new ArrayList<>();
        double first = Math.ceil(low / step - 1e-9);
        for (int i = 0; i <= most && (first + i) * step <= high + step * 1e-9; i++) {
            double value = (first + i) * step;
            ticks.add(new Tick(value, Numbers.text(value, decimals)));
        }
        return ticks;
    }

    private List<Tick> powers(int most) {
        int first = (int) Math.ceil(Math.log10(low) - 1e-9);
        int last = (int) Math.floor(Math.log10(high) + 1e-9);
        int stride = Math.max(1, (last - first + most) / most);
        List<Tick> ticks = new ArrayList<>();
        for (int power = first; power <= last; power += stride) {
            double value = Math.pow(10, power);
            boolean isSmall = power < -4 || power > 6;
            ticks.add(new Tick(value, isSmall ? "1e" + power : Numbers.brief(value)));
        }
        return ticks;
    }

    /// The smallest of 1, 2, 5, 10, 20, … that is at least this, for skipping names that do not
    /// fit.
    static int stride(int least) {
        return (int) Math.round(step(Math.max(1, least)));
    }

    /// The smallest of 1, 2 or 5 times a power of ten that is at least a positive value.
    static double roundAbove(double value) {
        return step(value);
    }

    /// The smallest of 1, 2 or 5 times a power of ten that is at least this.
    private static double step(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (double factor : new double[] {1, 2, 5}) {
            if (power * factor >= least * (1 - 1e-9)) {
                return power * factor;
            }
        }
        return power * 10;
    }
}
