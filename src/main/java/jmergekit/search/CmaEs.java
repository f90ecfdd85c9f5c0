package jmergekit.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The covariance matrix adaptation evolution strategy, for numeric spaces and one objective:
/// candidates are drawn from a normal distribution, which adapts its mean, step size and covariance
/// to their ranking.
///
/// The start is the first candidate, and counts like the others. The distribution is updated
/// whenever results for a full population have been reported, regardless of which distribution they
/// were drawn from: candidates proposed before an update and reported after it belong to the next
/// generation. Above 100 dimensions the covariance is diagonal. When the search has converged, it
/// restarts at a random point with a doubled population.
///
/// Sources: Hansen, "The CMA Evolution Strategy: A Tutorial", arXiv:1604.00772; Ros and Hansen, PPSN
/// 2008, for diagonal covariances; Auger and Hansen, "A restart CMA evolution strategy with
/// increasing population size", CEC 2005.
final class CmaEs implements Searcher {
    static final String NAME = "cma-es";

    /// With more, the covariance is diagonal.
    static final int FULL_DIMENSIONS = 100;

    private static final int MOST_DOUBLINGS = 9;

    // Numbers of the candidates of a generation, so that little is kept.
    private static final int LARGEST_GENERATION = 200_000;

    // Rank, as a fraction of the population, up to which a candidate that equals the best means a
    // plateau.
    private static final double FLAT_SHARE = 0.7;
    private static final double FLAT_GROWTH = 0.2;

    private final Space space;
    private final SearchSettings settings;
    private final Coordinates coordinates;
    private final Point start;
    private final List<Told> told = new ArrayList<>();
    private Run run;

    /// A candidate of the incomplete generation.
    private record Told(double[] coordinates, double objective) {
        double rank() {
            return Double.isNaN(objective) ? Double.NEGATIVE_INFINITY : objective;
        }
    }

    /// The state between two restarts.
    ///
    /// @param restarts number of restarts before
    /// @param best the best values of the last generations, most recent last
    private record Run(
            int restarts, int population, Rates rates, Distribution distribution, double[] best) {
        Run after(Distribution updated, double[] best) {
            return new Run(restarts, population, rates, updated, best);
        }
    }

    CmaEs(Space space, SearchSettings settings) {
        this(space, settings, settings.start(space));
    }

    /// @param start within the space's bounds
    /// @throws IllegalArgumentException if the space is not purely numeric, or there are several
    ///     objectives
    CmaEs(Space space, SearchSettings settings, Point start) {
        if (settings.objectives() != 1) {
            throw new IllegalArgumentException("CMA-ES supports one objective");
        }
        this.space = space;
        this.settings = settings;
        this.coordinates = new Coordinates(space);
        this.start = checked(start);
        this.run = run(0, coordinates.of(start));
    }

    private Point checked(Point point) {
        if (!space.contains(point)) {
            throw new IllegalArgumentException("not a point of the space: " + point);
        }
        return point;
    }

    private Run run(int restarts, double[] mean) {
        int population = population(restarts);
        return new Run(
                restarts,
                population,
                Rates.of(mean.length, population, isDiagonal()),
                Distribution.about(mean, settings.sigma0(), isDiagonal()),
                new double[0]);
    }

    private int population(int restarts) {
        int n = coordinates.count();
        int first = settings.population().orElse(4 + (int) (3 * StrictMath.log(n)));
        long doubled = (long) first << Math.min(restarts, MOST_DOUBLINGS);
        return (int) Math.max(first, Math.min(doubled, LARGEST_GENERATION / n));
    }

    private boolean isDiagonal() {
        return coordinates.count() > FULL_DIMENSIONS;
    }

    @Override
    public Optional<Point> ask(long number) {
        if (number == 0) {
            return Optional.of(start);
        }
        double[] z = new Draws(settings.seed(), NAME, number).normals(coordinates.count());
        return Optional.of(coordinates.point(run.distribution().sample(z)));
    }

    @Override
    public void tell(long number, Point point, double... objectives) {
        if (objectives.length != 1) {
            throw new IllegalArgumentException("CMA-ES supports one objective");
        }
        if (isOfEarlierRun(number, checked(point))) {
            return;
        }
        told.add(new Told(coordinates.of(point), objectives[0]));
        if (told.size() == run.population()) {
            update();
            told.clear();
        }
    }

    // In the first generation after a restart, only this distribution's own candidates count; a
    // point from before would lead straight back.
    private boolean isOfEarlierRun(long number, Point point) {
        return run.restarts() > 0
                && run.distribution().generation() == 0
                && !ask(number).orElseThrow().equals(point);
    }

    private void update() {
        told.sort(Comparator.comparingDouble(Told::rank).reversed());
        double[] values = told.stream().mapToDouble(Told::rank).toArray();
        try {
            List<double[]> samples = told.stream().map(Told::coordinates).toList();
            Distribution updated = run.distribution().updated(samples, run.rates());
            run = run.after(widened(updated, values), remembered(values[0]));
        } catch (ArithmeticException _) {
            restart();
            return;
        }
        int memory = StopRule.memory(coordinates.count(), run.population());
        boolean flat = run.best().length == memory && StopRule.isFlat(run.best(), values);
        if (flat || new StopRule(settings.sigma0()).isDone(run.distribution())) {
            restart();
        }
    }

    // A plateau only shows that steps should be longer.
    private Distribution widened(Distribution updated, double[] values) {
        double inPlace = values[(int) Math.ceil(FLAT_SHARE * values.length) - 1];
        if (inPlace != values[0] || updated.widest() > Math.max(1, settings.sigma0())) {
            return updated;
        }
        double growth = FLAT_GROWTH + run.rates().cSigma() / run.rates().dSigma();
        return updated.withSigma(updated.sigma() * StrictMath.exp(growth));
    }

    private double[] remembered(double best) {
        int memory = StopRule.memory(coordinates.count(), run.population());
        double[] before = run.best();
        int from = before.length == memory ? 1 : 0;
        double[] remembered = Arrays.copyOfRange(before, from, before.length + 1);
        remembered[remembered.length - 1] = best;
        return remembered;
    }

    private void restart() {
        int restarts = run.restarts() + 1;
        Point anew = RandomPoint.of(space, new Draws(settings.seed(), "restart", restarts));
        run = run(restarts, coordinates.of(anew));
    }

    /// The number of restarts.
    int restarts() {
        return run.restarts();
    }

    /// The current population size.
    int population() {
        return run.population();
    }

    Distribution distribution() {
        return run.distribution();
    }

    @Override
    public String toJson() {
        return put(SavedSearch.state(NAME, space, settings)).toString();
    }

    State put(State state) {
        List<double[]> rows = new ArrayList<>();
        for (Told t : told) {
            double[] row = Arrays.copyOf(t.coordinates(), coordinates.count() + 1);
            row[coordinates.count()] = t.objective();
            rows.add(row);
        }
        return state.put("start", start.values())
                .put("restarts", run.restarts())
                .put("best", run.best())
                .put("told", rows)
                .put("distribution", run.distribution().state());
    }

    static CmaEs of(Space space, SearchSettings settings, State state) {
        CmaEs restored =
                new CmaEs(space, settings, new Point(state.finite("start", space.width())));
        restored.restore(state);
        return restored;
    }

    private void restore(State state) {
        int n = coordinates.count();
        Run fresh = run((int) state.whole("restarts", 0, Integer.MAX_VALUE - 1), new double[n]);
        Distribution distribution = Distribution.of(state.object("distribution"), n, isDiagonal());
        run =
                fresh.after(
                        distribution,
                        state.numbersUpTo("best", StopRule.memory(n, fresh.population())));
        for (double[] row : state.rows("told", n + 1, run.population() - 1)) {
            double[] place = Arrays.copyOf(row, n);
            if (!Arrays.stream(place).allMatch(Double::isFinite)) {
                throw State.fault("a point that is not finite");
            }
            told.add(new Told(place, row[n]));
        }
    }
}
