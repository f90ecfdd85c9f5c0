package jmergekit.search;

import java.util.OptionalInt;

/// The settings of a search.
///
/// @param seed of all random draws
/// @param sigma0 initial standard deviation around the start: a fraction of the range of a bounded
///     number, otherwise in the number's own unit
/// @param population size of the population, at least 2; if empty, the algorithm chooses it for the
///     space
/// @param randomStart whether to begin at a random point instead of the space's start
/// @param objectives number of objectives
/// @param budget maximum number of evaluated candidates; only a grid's points depend on it
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
            throw new IllegalArgumentException("sigma must be above 0: " + sigma0);
        }
        if (population.isPresent()
                && (population.getAsInt() < 2 || population.getAsInt() > LARGEST_POPULATION)) {
            throw new IllegalArgumentException(
                    "a population of %d candidates, expected 2 to %d"
                            .formatted(population.getAsInt(), LARGEST_POPULATION));
        }
        if (objectives < 1) {
            throw new IllegalArgumentException("fewer than 1 objective: " + objectives);
        }
        if (budget < 1) {
            throw new IllegalArgumentException("fewer than 1 candidate: " + budget);
        }
    }

    /// The starting point of a search.
    Point start(Space space) {
        return randomStart
                ? space.nearest(RandomPoint.of(space, new Draws(seed, "start", 0)))
                : space.start();
    }
}
