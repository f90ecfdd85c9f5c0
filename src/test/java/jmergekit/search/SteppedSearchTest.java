package jmergekit.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

final class SteppedSearchTest {
    static final List<String> NAMES = Searchers.NAMES;

    private static final Space STEPS =
            new Space(
                    List.of(
                            stepped("x", 0, 1, false, 0.1),
                            new Variable.Flag("on", true),
                            stepped("n", 1, 100, true, 1),
                            new Variable.Real("free", 0, 1, false, 0.5)));

    private static Variable.Real stepped(
            String name, double low, double high, boolean logarithmic, double step) {
        return new Variable.Real(name, low, high, logarithmic, low, step);
    }

    private static List<Double> grid(long budget, Variable variable) {
        Searcher grid =
                Searchers.create(
                        "grid", new Space(List.of(variable)), Functions.settings(1, budget));
        List<Double> values = new ArrayList<>();
        Optional<Point> point = grid.ask(0);
        while (point.isPresent()) {
            values.add(point.get().get(0));
            point = grid.ask(values.size());
        }
        return values;
    }

    @Test
    void threeStepsOfATenthAreThreeTenths() {
        Variable.Real tenths = stepped("x", 0, 1, false, 0.1);

        assertThat(tenths.nearest(0.31)).isEqualTo(0.3);
        assertThat(tenths.allows(0.3)).isTrue();
        assertThat(tenths.allows(0.1 * 3)).isFalse();
        assertThat(tenths.count()).isEqualTo(11);
        assertThat(stepped("x", 0, 1, false, 0.4).nearest(1)).isEqualTo(0.8);
        assertThat(stepped("x", 0, 1, false, 1e-12).count()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void aStartIsOnAStep() {
        Space space = new Space(List.of(new Variable.Real("x", 0, 2, false, 1.6, 1)));

        assertThat(space.start()).isEqualTo(new Point(2));
    }

    @Test
    void stepsThatDoNotFitAreRefused() {
        for (double step : new double[] {-1, 1.1, Double.NaN}) {
            assertThatThrownBy(() -> stepped("x", 0, 1, false, step))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aGridTakesTheSteps() {
        assertThat(grid(16, stepped("x", 0, 2, false, 1))).containsExactly(0.0, 1.0, 2.0);
        assertThat(grid(3, stepped("x", 0, 10, false, 1))).containsExactly(0.0, 5.0, 10.0);
        assertThat(grid(2, stepped("x", 0, 1, false, 0.4))).containsExactly(0.0, 0.8);
        // Ranges that end just below another step.
        assertThat(grid(4, stepped("x", 0, 3.9, false, 1))).containsExactly(0.0, 1.0, 2.0, 3.0);
    }

    @Test
    void equalFactorsAreNeverTheSameStep() {
        // Equal factors are 1, 2.2, 4.6, 10.
        assertThat(grid(4, stepped("x", 1, 10, true, 1))).containsExactly(1.0, 2.0, 5.0, 10.0);
        for (int budget = 2; budget <= 10; budget++) {
            assertThat(grid(budget, stepped("x", 1, 10, true, 1)))
                    .hasSize(budget)
                    .doesNotHaveDuplicates()
                    .startsWith(1.0)
                    .endsWith(10.0);
        }
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void everySearchProposesStepsAndGoesOnAlike(String name) {
        for (boolean randomStart : List.of(false, true)) {
            SearchSettings settings =
                    new SearchSettings(3, 0.2, OptionalInt.empty(), randomStart, 1, 200);
            Searcher search = Searchers.create(name, STEPS, settings);
            for (int i = 0; i < 60; i++) {
                Point point = search.ask(i).orElseThrow();
                assertThat(STEPS.contains(point)).as(point.toString()).isTrue();
                search.tell(i, point, Functions.sphere(point));
            }
            Searcher restored = Searchers.fromJson(STEPS, search.toJson());
            assertThat(restored.ask(60)).isEqualTo(search.ask(60));
            assertThat(STEPS.contains(restored.ask(61).orElseThrow())).isTrue();
        }
    }

    @Test
    void cmaEsFindsTheBestStep() {
        Space space =
                new Space(
                        List.of(
                                stepped("x", 0, 10, false, 1),
                                stepped("y", 0, 10, false, 1),
                                new Variable.Real("z", 0, 1, false, 0.9)));
        for (int seed = 0; seed < 10; seed++) {
            Searcher search = Searchers.create("cma-es", space, Functions.settings(seed, 1000));

            // Best at 7, 3, 0.25.
            double best =
                    Functions.best(
                            search,
                            p ->
                                    -Math.pow(p.get(0) - 7, 2)
                                            - Math.pow(p.get(1) - 3, 2)
                                            - Math.pow(p.get(2) - 0.25, 2),
                            400,
                            0);
            assertThat(best).as("seed " + seed).isGreaterThan(-1e-3);
        }
    }
}
