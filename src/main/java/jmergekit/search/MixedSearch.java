package jmergekit.search;

import java.util.Optional;

/// CMA-ES for the numeric variables of a space, and evolution for its flags, choices and orders,
/// which are recombined and mutated from the best candidates so far. One objective.
///
/// If there are numeric variables too, half of the candidates copy the flags, choices and orders of
/// one of the best, so that numbers are compared under equal conditions.
final class MixedSearch implements Searcher {
    // Tuned on toy problems.
    private static final int POPULATION = 24;
    private static final int POPULATION_WITH_NUMBERS = 12;

    private static final double KEPT = 0.5;

    private final Parts parts;
    private final SearchSettings settings;
    private final Point start;
    private final Evolution others;
    private Optional<CmaEs> numbers;

    /// @throws IllegalArgumentException if the space is purely numeric, or there are several
    ///     objectives
    MixedSearch(Space space, SearchSettings settings) {
        if (settings.objectives() != 1) {
            throw new IllegalArgumentException("CMA-ES supports one objective");
        }
        this.parts = Parts.of(space);
        this.settings = settings;
        this.start = settings.start(space);
        Space rest =
                parts.others()
                        .orElseThrow(() -> new IllegalArgumentException("only numeric variables"));
        int usual = parts.numbers().isPresent() ? POPULATION_WITH_NUMBERS : POPULATION;
        this.others = new Evolution(rest, settings, settings.population().orElse(usual));
        this.numbers =
                parts.numbers().map(part -> new CmaEs(part, settings, parts.numbersOf(start)));
    }

    @Override
    public Optional<Point> ask(long number) {
        if (number == 0) {
            return Optional.of(start);
        }
        Draws draws = new Draws(settings.seed(), "mixed", number);
        if (numbers.isEmpty()) {
            return Optional.of(others.candidate(number, draws));
        }
        Point rest = draws.chance(KEPT) ? others.known(draws) : others.candidate(number, draws);
        return numbers.get().ask(number).map(drawn -> parts.joined(drawn, rest));
    }

    /// @throws IllegalArgumentException if it is not a point of the space, or there are several
    ///     objectives
    @Override
    public void tell(long number, Point point, double... objectives) {
        if (!parts.whole().contains(point)) {
            throw new IllegalArgumentException("not a point of the space: " + point);
        }
        others.tell(parts.othersOf(point), objectives);
        numbers.ifPresent(search -> search.tell(number, parts.numbersOf(point), objectives));
    }

    @Override
    public String toJson() {
        State state = others.put(SavedSearch.state(CmaEs.NAME, parts.whole(), settings));
        numbers.ifPresent(search -> state.put("numbers", search.put(State.empty())));
        return state.toString();
    }

    static MixedSearch of(Space space, SearchSettings settings, State state) {
        MixedSearch restored = new MixedSearch(space, settings);
        restored.others.restore(state);
        restored.numbers =
                restored.parts
                        .numbers()
                        .map(part -> CmaEs.of(part, settings, state.object("numbers")));
        return restored;
    }
}
