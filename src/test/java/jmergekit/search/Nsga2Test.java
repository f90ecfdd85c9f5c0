package jmergekit.search;

import static jmergekit.search.Functions.bounded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Problems ZDT1 and ZDT3 of Zitzler, Deb and Thiele, "Comparison of multiobjective evolutionary
/// algorithms", Evolutionary Computation 8 (2000), with 10 numbers.
class Nsga2Test {
    private static final int NUMBERS = 10;
    private static final int BUDGET = 3000;
    private static final int POPULATION = 100;

    private static SearchSettings settings(long seed, int objectives) {
        return new SearchSettings(seed, 0.2, OptionalInt.of(POPULATION), false, objectives, BUDGET);
    }

    private static double zdt1(double x, double g) {
        return 1 - Math.sqrt(x / g);
    }

    private static double zdt3(double x, double g) {
        return zdt1(x, g) - x / g * Math.sin(10 * Math.PI * x);
    }

    /// The second objective for the first and for what the other numbers add, 1 at best.
    private interface Shape {
        double of(double x, double g);
    }

    private static List<double[]> searched(String name, long seed, Shape shape) {
        Space space = bounded(NUMBERS, 0, 1, 0.5);
        Searcher search = Searchers.create(name, space, settings(seed, 2));
        List<double[]> found = new ArrayList<>();
        for (long number = 0; number < BUDGET; number++) {
            Point p = search.ask(number).orElseThrow();
            double rest = 0;
            for (int i = 1; i < NUMBERS; i++) {
                rest += p.get(i);
            }
            double g = 1 + 9 * rest / (NUMBERS - 1);
            double[] objectives = {-p.get(0), -g * shape.of(p.get(0), g)};
            search.tell(number, p, objectives);
            found.add(objectives);
        }
        return ParetoFront.of(found).stream().map(found::get).toList();
    }

    /// How far points of the true front are from what was found, on average.
    private static double distance(List<double[]> found, DoubleUnaryOperator trueFront) {
        List<double[]> points = new ArrayList<>();
        for (int i = 0; i <= 200; i++) {
            points.add(new double[] {-i / 200.0, -trueFront.applyAsDouble(i / 200.0)});
        }
        List<Integer> front = ParetoFront.of(points);
        double sum = 0;
        for (int i : front) {
            double[] p = points.get(i);
            sum +=
                    found.stream()
                            .mapToDouble(f -> Math.hypot(f[0] - p[0], f[1] - p[1]))
                            .min()
                            .orElseThrow();
        }
        return sum / front.size();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void comesNearAConvexFront(long seed) {
        List<double[]> found = searched("nsga2", seed, Nsga2Test::zdt1);

        assertThat(distance(found, x -> zdt1(x, 1))).isLessThan(0.02);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void comesNearAFrontOfSeveralPieces(long seed) {
        List<double[]> found = searched("nsga2", seed, Nsga2Test::zdt3);

        assertThat(distance(found, x -> zdt3(x, 1))).isLessThan(0.06);
    }

    @Test
    void randomSearchStaysFarFromTheFront() {
        List<double[]> found = searched("random", 1, Nsga2Test::zdt1);

        assertThat(distance(found, x -> zdt1(x, 1))).isGreaterThan(0.4);
    }

    /// 4 (4 + ⌊3 ln n⌋), with the logarithms 0, 2.302 and 4.605.
    @ParameterizedTest
    @CsvSource({"1, 16", "10, 40", "100, 68"})
    void theUsualPopulationFollowsFromTheSpace(int numbers, int population) {
        Space space = bounded(numbers, 0, 1, 0.5);
        Searcher usual = Searchers.create("nsga2", space, Functions.settings(1, 1));
        Searcher given =
                Searchers.create(
                        "nsga2",
                        space,
                        new SearchSettings(
                                1,
                                SearchSettings.DEFAULT_SIGMA,
                                OptionalInt.of(population),
                                false,
                                1,
                                1));
        for (long number = 0; number < 3 * population; number++) {
            Point point = usual.ask(number).orElseThrow();
            assertThat(given.ask(number)).contains(point);
            usual.tell(number, point, point.get(0));
            given.tell(number, point, point.get(0));
        }
    }

    @Test
    void theStartComesFirst() {
        Nsga2 search = new Nsga2(SpaceTest.ALL_KINDS, settings(1, 2));

        assertThat(search.ask(0)).contains(SpaceTest.ALL_KINDS.start());
    }

    @Test
    void proposesPointsOfTheSpaceWhateverIsTold() {
        Nsga2 search = new Nsga2(SpaceTest.ALL_KINDS, settings(1, 2));
        for (long number = 0; number < 400; number++) {
            Point point = search.ask(number).orElseThrow();
            assertThat(SpaceTest.ALL_KINDS.contains(point)).isTrue();
            double value = number % 7 == 0 ? Double.NaN : point.get(1);
            search.tell(number, point, value, value * point.get(5));
        }
    }

    @Test
    void anotherNumberOfObjectivesIsRefused() {
        Nsga2 search = new Nsga2(bounded(1, 0, 1, 0.5), settings(1, 2));

        assertThatThrownBy(() -> search.tell(0, new Point(0.5), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("1 objectives, expected 2");
    }
}
