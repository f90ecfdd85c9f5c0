package jmergekit.search;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// Known functions, best at 0, and searches for their best.
final class Functions {
    /// A candidate under way.
    private record Asked(long number, Point point) {}

    private Functions() {}

    static double sphere(Point p) {
        return -IntStream.range(0, p.size()).mapToDouble(i -> p.get(i) * p.get(i)).sum();
    }

    /// Best at 1 in each coordinate.
    static double rosenbrock(Point p) {
        return -IntStream.range(1, p.size())
                .mapToDouble(i -> {
                    double a = p.get(i) - p.get(i - 1) * p.get(i - 1);
                    double b = 1 - p.get(i - 1);
                    return 100 * a * a + b * b;
                })
                .sum();
    }

    static double ellipsoid(Point p) {
        int n = p.size();
        return -IntStream.range(0, n)
                .mapToDouble(i -> Math.pow(1e6, i / (n - 1.0)) * p.get(i) * p.get(i))
                .sum();
    }

    static Space unbounded(int n, double start) {
        return space(n, i -> Variable.Real.unbounded("x" + i, start));
    }

    static Space bounded(int n, double low, double high, double start) {
        return space(n, i -> new Variable.Real("x" + i, low, high, false, start));
    }

    private static Space space(int n, IntFunction<Variable> variable) {
        return new Space(IntStream.range(0, n).mapToObj(variable).toList());
    }

    /// How many evaluations it takes to come to a value, at most `budget + 1`.
    ///
    /// @param lag how many candidates are asked for before one is told
    static int evaluations(
            Searcher searcher, ToDoubleFunction<Point> f, double value, int budget, int lag) {
        Deque<Asked> asked = new ArrayDeque<>();
        long next = 0;
        for (int told = 0; told < budget; told++) {
            while (asked.size() <= lag) {
                asked.add(new Asked(next, searcher.ask(next).orElseThrow()));
                next++;
            }
            Asked first = asked.remove();
            double found = f.applyAsDouble(first.point());
            if (found >= value) {
                return told + 1;
            }
            searcher.tell(first.number(), first.point(), found);
        }
        return budget + 1;
    }

    /// The best value of as many evaluations.
    static double best(Searcher searcher, ToDoubleFunction<Point> f, int budget, int lag) {
        double[] best = {Double.NEGATIVE_INFINITY};
        ToDoubleFunction<Point> kept =
                p -> {
                    double value = f.applyAsDouble(p);
                    best[0] = Math.max(best[0], value);
                    return value;
                };
        evaluations(searcher, kept, Double.POSITIVE_INFINITY, budget, lag);
        return best[0];
    }

    /// The first points a searcher proposes, with nothing told between them.
    static List<Point> asked(Searcher searcher, long from, int count) {
        List<Point> points = new ArrayList<>();
        for (long number = from; number < from + count; number++) {
            points.add(searcher.ask(number).orElseThrow());
        }
        return points;
    }

    /// One objective, and everything else as usual.
    static SearchSettings settings(long seed, long budget) {
        return new SearchSettings(
                seed, SearchSettings.DEFAULT_SIGMA, OptionalInt.empty(), false, 1, budget);
    }
}
