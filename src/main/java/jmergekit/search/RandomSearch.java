package jmergekit.search;

import java.util.Optional;

/// Uniformly drawn points, except for the first one, which is the start: numbers are uniform in
/// their range, or in its logarithm, and from 0 to 1 if they have no bounds. It does not learn, and
/// serves as a baseline for other algorithms.
///
/// Source: Bergstra and Bengio, "Random search for hyper-parameter optimization", JMLR 13 (2012).
final class RandomSearch implements Searcher {
    static final String NAME = "random";

    private final Space space;
    private final SearchSettings settings;

    RandomSearch(Space space, SearchSettings settings) {
        this.space = space;
        this.settings = settings;
    }

    @Override
    public Optional<Point> ask(long number) {
        if (number == 0) {
            return Optional.of(settings.start(space));
        }
        return Optional.of(RandomPoint.of(space, new Draws(settings.seed(), NAME, number)));
    }

    @Override
    public void tell(long number, Point point, double... objectives) {}

    @Override
    public String toJson() {
        return SavedSearch.state(NAME, space, settings).toString();
    }
}
