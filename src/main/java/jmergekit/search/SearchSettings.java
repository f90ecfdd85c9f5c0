package jmergekit.search;

import java.util.OptionalInt;

/// How a search goes about.
///
/// @param seed of all that is drawn
/// @param sigma0 how far from the start a search looks at first, a standard deviation: a share of
///     the range of a number with bounds, otherwise in the number's own unit
/// @param population how many candidates stand for what is known, at least 2; if none, the
///     algorithm's own choice for the space
/// @param randomStart whether to begin at a random point, not at the space's start
/// @param objectives how many numbers a candidate is judged by
/// @param budget how many candidates can be evaluated; only a grid's points depend on it
public record SearchSettings(
        long seed,
        double sigma0,
        OptionalInt population,
        boolean randomStart,
        int objectives,
        long budget) {
    /// A sixth of a range.
    public static final double DEFAULT_SIGMA = 1.0 / 6;

    /// The largest population.
    public static final int LARGEST_POPULATION = 10_000;

    /// @throws IllegalArgumentException if a number makes no sense
    public SearchSettings {
        if (!(sigma0 > 0) || Double.isInfinite(sigma0)) {
            throw new IllegalArgumentException("sigma is not above 0: " + sigma0);
        }
        if (population.isPresent()
                && (population.getAsInt() < 2 || population.getAsInt() > LARGEST_POPULATION)) {
            throw new IllegalArgumentException(
                    "a population of %d candidates, not of 2 to %d"
                            .formatted(population.getAsInt(), LARGEST_POPULATION));
        }
        if (objectives < 1) {
            throw new IllegalArgumentException("fewer than 1 objective: " + objectives);
        }
        if (budget < 1) {
            throw new IllegalArgumentException("fewer than 1 candidate: " + budget);
        }
    }

    /// Where a search begins.
    Point start(Space space) {
        return randomStart
                ? space.nearest(RandomPoint.of(space, new Draws(seed, "start", 0)))
                : space.start();
    }
}
