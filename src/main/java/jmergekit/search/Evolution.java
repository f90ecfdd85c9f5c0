package jmergekit.search;

/// Generates candidates from the best ones so far: a genetic algorithm without generations.
final class Evolution {
    /// Maximum number of further mutations for a point that is already in the archive.
    private static final int MOST_CHANGES = 8;

    private final Space space;
    private final SearchSettings settings;
    private final Point start;
    private final Variation variation;
    private final Archive archive;

    /// @param population size of the archive, and number of initial candidates before children are
    ///     generated
    Evolution(Space space, SearchSettings settings, int population) {
        this.space = space;
        this.settings = settings;
        this.start = settings.start(space);
        this.variation = new Variation(space, settings.sigma0());
        this.archive = new Archive(population);
    }

    Point start() {
        return start;
    }

    /// A new point, which is rarely in the archive.
    Point candidate(long number, Draws draws) {
        if (number < archive.capacity() || archive.size() == 0) {
            return settings.randomStart()
                    ? RandomPoint.of(space, draws)
                    : variation.first(start, draws);
        }
        Point child = variation.child(archive.tournament(draws), archive.tournament(draws), draws);
        for (int i = 0; i < MOST_CHANGES && archive.has(child); i++) {
            child = variation.changed(child, draws);
        }
        return child;
    }

    /// The better of two random members of the archive; the start if it is empty.
    Point known(Draws draws) {
        return archive.size() == 0 ? start : archive.tournament(draws);
    }

    void tell(Point point, double... objectives) {
        if (!space.contains(point)) {
            throw new IllegalArgumentException("not a point of the space: " + point);
        }
        if (objectives.length != settings.objectives()) {
            throw new IllegalArgumentException(
                    "%d objectives, expected %d"
                            .formatted(objectives.length, settings.objectives()));
        }
        archive.add(point, objectives);
    }

    State put(State state) {
        return state.put("archive", archive.rows());
    }

    void restore(State state) {
        int width = (int) Math.min(Integer.MAX_VALUE, (long) space.width() + settings.objectives());
        archive.addAll(space, state.rows("archive", width, archive.capacity()));
    }
}
