package jmergekit.search;

import java.util.List;

/// The algorithms by name.
public final class Searchers {
    /// Most useful first.
    public static final List<String> NAMES =
            List.of(CmaEs.NAME, Nsga2.NAME, RandomSearch.NAME, GridSearch.NAME);

    private Searchers() {}

    /// A searcher without results. CMA-ES is combined with evolution if the space has flags,
    /// choices or orders.
    ///
    /// @param name one of [#NAMES]
    /// @throws IllegalArgumentException if there is no such algorithm, or it does not support this
    ///     number of objectives
    public static Searcher create(String name, Space space, SearchSettings settings) {
        return SteppedSearch.of(space, any(name, space, settings));
    }

    private static Searcher any(String name, Space space, SearchSettings settings) {
        return switch (name) {
            case CmaEs.NAME ->
                    isMixed(space) ? new MixedSearch(space, settings) : new CmaEs(space, settings);
            case Nsga2.NAME -> new Nsga2(space, settings);
            case RandomSearch.NAME -> new RandomSearch(space, settings);
            case GridSearch.NAME -> new GridSearch(space, settings);
            default -> throw new IllegalArgumentException("no algorithm '" + name + "'");
        };
    }

    /// A searcher that continues from a saved state.
    ///
    /// @param json from [Searcher#toJson]
    /// @throws IllegalArgumentException if the text is damaged, or describes another space
    public static Searcher fromJson(Space space, String json) {
        SavedSearch saved = SavedSearch.read(space, json);
        return SteppedSearch.of(space, restored(space, saved));
    }

    private static Searcher restored(Space space, SavedSearch saved) {
        SearchSettings settings = saved.settings();
        return switch (saved.name()) {
            case CmaEs.NAME ->
                    isMixed(space)
                            ? MixedSearch.of(space, settings, saved.state())
                            : CmaEs.of(space, settings, saved.state());
            case Nsga2.NAME -> Nsga2.of(space, settings, saved.state());
            case RandomSearch.NAME -> new RandomSearch(space, settings);
            case GridSearch.NAME -> new GridSearch(space, settings);
            default -> throw State.fault("no algorithm '" + saved.name() + "'");
        };
    }

    private static boolean isMixed(Space space) {
        return Parts.of(space).others().isPresent();
    }
}
