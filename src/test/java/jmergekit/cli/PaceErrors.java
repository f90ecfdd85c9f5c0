package jmergekit.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/// How far off the end is that a [Pace] foretells, at each look after the first tenth is done.
///
/// @param offs errors as shares of the true time, in order
/// @param looks how many there were after the first tenth
record PaceErrors(List<Double> offs, int looks) {
    private static final double LOOK_SECONDS = 0.2;
    private static final long TOTAL = 1_000_000_000_000L;

    /// @param seconds that all of it takes
    /// @param done the share that is done by a time in seconds
    static PaceErrors of(double seconds, DoubleUnaryOperator done) {
        Pace pace = new Pace(TOTAL);
        List<Double> offs = new ArrayList<>();
        int looks = 0;
        for (double t = LOOK_SECONDS; t < seconds; t += LOOK_SECONDS) {
            double share = Math.clamp(done.applyAsDouble(t), 0, 1);
            pace.note((long) (t * 1e9), (long) (share * TOTAL));
            Optional<Duration> left = pace.left();
            if (share >= 0.1) {
                looks++;
                double now = t;
                left.ifPresent(l -> offs.add((now + l.toMillis() / 1e3) / seconds - 1));
            }
        }
        return new PaceErrors(List.copyOf(offs), looks);
    }

    /// The share of looks at which the end is right within a fifth.
    double right() {
        return (double) offs.stream().filter(o -> Math.abs(o) <= 0.2).count() / offs.size();
    }

    double worst() {
        return offs.stream().mapToDouble(Math::abs).max().orElse(Double.NaN);
    }

    double median() {
        return offs.stream()
                .map(Math::abs)
                .sorted()
                .skip(offs.size() / 2)
                .findFirst()
                .orElse(Double.NaN);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "an estimate at %.0f %% of the looks, right at %.0f %% of them, median %.1f %% off,"
                        + " at worst %.1f %%",
                100.0 * offs.size() / looks,
                100 * right(),
                100 * median(),
                100 * worst());
    }
}
