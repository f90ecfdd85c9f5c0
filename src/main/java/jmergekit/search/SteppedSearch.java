package jmergekit.search;

import java.util.Optional;

/// A search whose points are rounded to the steps of their variables: the algorithms are unaware of
/// steps, and receive the points that were tried.
record SteppedSearch(Space space, Searcher searcher) implements Searcher {
    /// The searcher itself if no variable has steps.
    static Searcher of(Space space, Searcher searcher) {
        boolean hasSteps =
                space.variables().stream()
                        .anyMatch(v -> v instanceof Variable.Real real && real.step() > 0);
        return hasSteps ? new SteppedSearch(space, searcher) : searcher;
    }

    @Override
    public Optional<Point> ask(long number) {
        return searcher.ask(number).map(space::nearest);
    }

    @Override
    public void tell(long number, Point point, double... objectives) {
        searcher.tell(number, point, objectives);
    }

    @Override
    public String toJson() {
        return searcher.toJson();
    }
}
