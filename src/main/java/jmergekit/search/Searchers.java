package jmergekit.search;

import java.util.List;

/// The algorithms by name.
public final class Searchers {
    /// In the order of their usefulness.
    public static final List<String> NAMES = List.of(CmaEs.NAME, RandomSearch.NAME);

    private Searchers() {}

    /// A searcher that was told nothing.
    ///
    /// @param name one of [#NAMES]
    /// @throws IllegalArgumentException if there is no such algorithm, or it cannot do with that many
    ///     objectives
    public static Searcher create(String name, Space space, SearchSettings settings) {
        return switch (name) {
            case CmaEs.NAME -> new CmaEs(space, settings);
            case RandomSearch.NAME -> new RandomSearch(space, settings);
            default -> throw new IllegalArgumentException("no algorithm '" + name + "'");
        };
    }

    /// A searcher that goes on like the one whose state is given.
    ///
    /// @param json of [Searcher#toJson]
    /// @throws IllegalArgumentException if the text is damaged, or of another space
    public static Searcher fromJson(Space space, String json) {
        SavedSearch saved = SavedSearch.read(space, json);
        return switch (saved.name()) {
            case CmaEs.NAME -> CmaEs.of(space, saved.settings(), saved.state());
            case RandomSearch.NAME -> new RandomSearch(space, saved.settings());
            default -> throw State.fault("no algorithm '" + saved.name() + "'");
        };
    }
}
