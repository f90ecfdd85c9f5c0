package jmergekit.search;

import java.util.Optional;

/// The non-dominated sorting genetic algorithm, for any space and any number of objectives: it
/// spreads candidates along the Pareto front.
///
/// Parents are chosen from the best candidates so far, and each candidate becomes available as soon
/// as it is reported: there are no generations to wait for. The start is the first candidate. In
/// the rest of the first population, numbers are drawn uniformly, and other variables are mutated.
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

    // Four times the size that CMA-ES uses: of 12 to 100 candidates, 30 and 40 came nearest to the
    // fronts of ZDT1 and ZDT3 with 10 numbers in 300 evaluations. It does not depend on the budget,
    // so that a search with a larger budget begins the same way.
    private static int population(Space space) {
        return 4 * (4 + (int) (3 * StrictMath.log(space.width())));
    }

    @Override
    public Optional<Point> ask(long number) {
        Draws draws = new Draws(settings.seed(), NAME, number);
        return Optional.of(number == 0 ? evolution.start() : evolution.candidate(number, draws));
    }

    /// @throws IllegalArgumentException if it is not a point of the space, or has the wrong number
    ///     of objectives
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
