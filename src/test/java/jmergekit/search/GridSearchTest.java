package jmergekit.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class GridSearchTest {
    private static List<Point> all(GridSearch grid) {
        List<Point> points = new ArrayList<>();
        Optional<Point> point = grid.ask(0);
        while (point.isPresent()) {
            points.add(point.get());
            point = grid.ask(points.size());
        }
        return points;
    }

    private static GridSearch grid(long budget, Variable... variables) {
        return new GridSearch(new Space(List.of(variables)), Functions.settings(1, budget));
    }

    private static final Variable X = new Variable.Real("x", 0, 4, false, 1);

    @Test
    void theLastVariableChangesFastest() {
        assertThat(all(grid(7, X, new Variable.Flag("on", true))))
                .containsExactly(
                        new Point(0, 1),
                        new Point(0, 0),
                        new Point(2, 1),
                        new Point(2, 0),
                        new Point(4, 1),
                        new Point(4, 0));
    }

    @Test
    void levelsShareTheBudget() {
        Variable choice = new Variable.Choice("c", List.of("a", "b", "c"), 2);

        assertThat(grid(35, X, choice).levels()).containsExactly(11, 3);
        assertThat(grid(4, X, choice).levels()).containsExactly(2, 2);
        assertThat(grid(1, X, choice).levels()).containsExactly(1, 1);
    }

    @Test
    void aBudgetOfOneIsTheStart() {
        assertThat(all(grid(1, X))).containsExactly(new Point(1));
    }

    @Test
    void aRandomStartTakesThePlaceOfTheSpaces() {
        Space space = new Space(List.of(X, new Variable.Choice("c", List.of("a", "b", "c"), 1)));
        SearchSettings random = new SearchSettings(3, 0.2, OptionalInt.empty(), true, 1, 1);

        Point drawn = random.start(space);
        assertThat(drawn).isNotEqualTo(space.start());
        assertThat(all(new GridSearch(space, random))).containsExactly(drawn);
    }

    @Test
    void theStartsOptionComesFirst() {
        Variable choice = new Variable.Choice("c", List.of("a", "b", "c"), 1);

        assertThat(all(grid(3, choice))).containsExactly(new Point(1), new Point(0), new Point(2));
    }

    @Test
    void logarithmicLevelsDifferByFactors() {
        List<Point> points = all(grid(3, new Variable.Real("x", 1, 100, true, 1)));

        assertThat(points.get(1).get(0)).isCloseTo(10, within(1e-12));
    }

    @Test
    void numbersWithoutBoundsGoFromZeroToOneOrAroundTheStart() {
        assertThat(all(grid(3, Variable.Real.unbounded("x", 0.2))))
                .containsExactly(new Point(0), new Point(0.5), new Point(1));
        assertThat(all(grid(3, Variable.Real.unbounded("x", 5))))
                .containsExactly(new Point(4.5), new Point(5), new Point(5.5));
    }

    @Test
    void ordersAreInLexicographicOrder() {
        assertThat(all(grid(100, new Variable.Order("o", 3))))
                .containsExactly(
                        new Point(0, 1, 2),
                        new Point(0, 2, 1),
                        new Point(1, 0, 2),
                        new Point(1, 2, 0),
                        new Point(2, 0, 1),
                        new Point(2, 1, 0));
    }

    @Test
    void longOrdersAreAllDifferent() {
        List<Point> points = all(grid(500, new Variable.Order("o", 30)));

        assertThat(points).hasSize(500);
        assertThat(new HashSet<>(points)).hasSize(500);
    }
}
