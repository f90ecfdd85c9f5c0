package jmergekit.search;

import java.util.Optional;

/// The non-dominated sorting genetic algorithm, for any space and any number of objectives: it
/// spreads along the front of what cannot be better in all of them.
///
/// Parents come from the best of all that was told, and each candidate takes part as soon as it is
/// told: there are no generations to wait for. The start is the first candidate; of the rest of the
/// first population numbers are drawn without preference, and other variables changed.
///
/// Sources: Deb, Pratap, Agarwal and Meyarivan, "A fast and elitist multiobjective genetic
/// algorithm: NSGA-II", IEEE Transactions on Evolutionary Computation 6 (2002); without generations
/// Durillo, Nebro, Luna and Alba, "On the effect of the steady-state selection scheme in
/// multi-objective genetic algorithms", EMO 2009.
final class Nsga2 implements Searcher {
    static final String NAME = "nsga2";

    private final Space space;
    private final SearchSettings settings;
    private final Evolution evolution;

    Nsga2(Space space, SearchSettings settings) {
        this.space = space;
        this.settings = settings;
        int population = settings.population().orElse(population(space));
        this.evolution = new Evolution(space, settings, population);
    }

    // Four times as many as CMA-ES has: of 12 to 100 candidates, 30 and 40 came nearest to the
    // fronts of
    // ZDT1 and ZDT3 with 10 numbers in 300 evaluations. It does not follow from the budget, so that
    // a
    // search with a larger one begins alike.
    private static int population(Space space) {
        return 4 * (4 + (int) (3 * StrictMath.log(space.width())));
    }

    @Override
    public Optional<Point> ask(long number) {
        Draws draws = new Draws(settings.seed(), NAME, number);
        return Optional.of(number == 0 ? evolution.start() : evolution.candidate(number, draws));
    }

    /// @throws IllegalArgumentException if it is no point of the space, or has another number of
    ///     objectives
    @Override
    public void tell(long number, Point point, double... objectives) {
        evolution.tell(point, objectives);
    }

    @Override
    public String toJson() {
        return evolution.put(SavedSearch.state(NAME, space, settings)).toString();
    }

    static Nsga2 of(Space space, SearchSettings settings, State state) {
        Nsga2 restored = new Nsga2(space, settings);
        restored.evolution.restore(state);
        return restored;
    }
}
