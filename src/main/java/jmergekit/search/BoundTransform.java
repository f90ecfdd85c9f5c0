package jmergekit.search;

/// Maps any number to a place from 0 to 1: most numbers to themselves, those near a bound along a
/// parabola that touches the bound, and those beyond it are reflected. An unbounded search thereby
/// stays within bounds, and the mapping is smooth there.
///
/// Source: Hansen's documentation of pycma, `BoxConstraintsLinQuadTransformation`.
final class BoundTransform {
    /// Width of the parabola on each side of a bound.
    private static final double WIDTH = 0.05;

    private static final double PERIOD = 2 * (1 + 2 * WIDTH);

    private BoundTransform() {}

    /// The place for a number.
    static double place(double x) {
        double past = Math.abs(x + WIDTH) % PERIOD;
        double folded = Math.min(past, PERIOD - past) - WIDTH;
        if (folded < WIDTH) {
            double d = folded + WIDTH;
            return d * d / (4 * WIDTH);
        }
        if (folded > 1 - WIDTH) {
            double d = 1 + WIDTH - folded;
            return 1 - d * d / (4 * WIDTH);
        }
        return x >= -WIDTH && x <= 1 + WIDTH ? x : folded;
    }

    /// The number nearest to a place from 0 to 1 that maps to it.
    static double number(double place) {
        if (place < WIDTH) {
            return 2 * Math.sqrt(WIDTH * place) - WIDTH;
        }
        if (place > 1 - WIDTH) {
            return 1 + WIDTH - 2 * Math.sqrt(WIDTH * (1 - place));
        }
        return place;
    }
}
