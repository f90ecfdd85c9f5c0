package jmergekit.search;

import java.util.List;
import java.util.OptionalInt;

/// The common part of all searchers' states: the algorithm's name, the space's description, and the
/// settings.
///
/// @param state also contains the algorithm's own fields
record SavedSearch(String name, SearchSettings settings, State state) {
    private static final int FORMAT = 1;

    /// A state to which an algorithm adds its own fields.
    static State state(String name, Space space, SearchSettings settings) {
        State state =
                State.empty()
                        .put("format", FORMAT)
                        .put("searcher", name)
                        .put("space", described(space))
                        .put("seed", settings.seed())
                        .put("sigma0", settings.sigma0());
        settings.population().ifPresent(population -> state.put("population", population));
        return state.put("random_start", settings.randomStart())
                .put("objectives", settings.objectives())
                .put("budget", settings.budget());
    }

    /// @throws IllegalArgumentException if the text is damaged, or describes another space
    static SavedSearch read(Space space, String text) {
        State state = State.read(text);
        state.whole("format", FORMAT, FORMAT);
        if (!state.text("space").equals(described(space))) {
            throw State.fault("it belongs to another space");
        }
        OptionalInt population =
                state.has("population")
                        ? OptionalInt.of(
                                (int)
                                        state.whole(
                                                "population", 2, SearchSettings.LARGEST_POPULATION))
                        : OptionalInt.empty();
        SearchSettings settings =
                new SearchSettings(
                        state.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE),
                        state.finite("sigma0"),
                        population,
                        state.flag("random_start"),
                        (int) state.whole("objectives", 1, Integer.MAX_VALUE),
                        state.whole("budget", 1, Long.MAX_VALUE));
        return new SavedSearch(state.text("searcher"), settings, state);
    }

    private static String described(Space space) {
        List<String> variables = space.variables().stream().map(Variable::toString).toList();
        return String.join("; ", variables);
    }
}
