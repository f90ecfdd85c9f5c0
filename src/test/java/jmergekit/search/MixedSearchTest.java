package jmergekit.search;

import static jmergekit.search.Functions.best;
import static jmergekit.search.Functions.evaluations;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MixedSearchTest {
    private static final List<Integer> WANTED = List.of(7, 2, 9, 4, 0, 5);

    /// Which of 10 blocks are used, and in which order.
    private static final Space BLOCKS =
            new Space(
                    Stream.concat(
                                    IntStream.range(0, 10)
                                            .mapToObj(i ->
                                                    (Variable)
                                                            new Variable.Flag("block" + i, true)),
                                    Stream.of(new Variable.Order("order", 10)))
                            .toList());

    /// 0 for exactly the wanted blocks in their order; each block too many or too few costs 1, and
    /// each of 5 pairs that do not follow each other.
    private static double blocks(Point p) {
        List<Integer> used = new ArrayList<>();
        for (int i = 10; i < 20; i++) {
            int block = (int) p.get(i);
            if (p.get(block) == 1) {
                used.add(block);
            }
        }
        double score = -11;
        for (int i = 0; i < used.size(); i++) {
            score += WANTED.contains(used.get(i)) ? 1 : -1;
            int place = WANTED.indexOf(used.get(i));
            boolean follows = place > 0 && i > 0 && used.get(i - 1).equals(WANTED.get(place - 1));
            score += follows ? 1 : 0;
        }
        return score;
    }

    private static final Space MIXED =
            new Space(
                    Stream.of(
                                    IntStream.range(0, 6)
                                            .mapToObj(i ->
                                                    (Variable)
                                                            new Variable.Real(
                                                                    "x" + i, 0, 1, false, 0.5)),
                                    IntStream.range(0, 6)
                                            .mapToObj(i ->
                                                    (Variable) new Variable.Flag("on" + i, false)),
                                    Stream.of(
                                            (Variable)
                                                    new Variable.Choice(
                                                            "c", List.of("a", "b", "c", "d"), 0)))
                            .flatMap(s -> s)
                            .toList());

    /// 0 if the third option is taken, all numbers are 0.3 and every second flag is set; with other
    /// options the numbers are best at 0.4.
    private static double mixed(Point p) {
        double sum = p.get(12) == 2 ? 0 : -0.5;
        double middle = p.get(12) == 2 ? 0.3 : 0.4;
        for (int i = 0; i < 6; i++) {
            sum -= 4 * (p.get(i) - middle) * (p.get(i) - middle);
            sum -= p.get(6 + i) == i % 2 ? 0 : 0.3;
        }
        return sum;
    }

    private static Searcher search(String name, Space space, long seed) {
        return Searchers.create(name, space, Functions.settings(seed, 2000));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void findsTheBestBlocksAndTheirOrder(long seed) {
        Searcher search = search("cma-es", BLOCKS, seed);

        assertThat(evaluations(search, MixedSearchTest::blocks, 0, 2500, 4)).isLessThan(2501);
        assertThat(best(search("random", BLOCKS, seed), MixedSearchTest::blocks, 2500, 4))
                .isLessThan(-1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void findsNumbersWithFlagsAndOptions(long seed) {
        double found = best(search("cma-es", MIXED, seed), MixedSearchTest::mixed, 600, 4);

        assertThat(found).isGreaterThan(-0.2);
        assertThat(best(search("random", MIXED, seed), MixedSearchTest::mixed, 600, 4))
                .isLessThan(-0.3);
    }

    @Test
    void proposesPointsOfTheSpaceOnly() {
        Searcher search = search("cma-es", SpaceTest.ALL_KINDS, 1);
        best(
                search,
                p -> {
                    assertThat(SpaceTest.ALL_KINDS.contains(p)).isTrue();
                    return p.get(1);
                },
                300,
                2);
    }

    @Test
    void theStartComesFirst() {
        assertThat(search("cma-es", BLOCKS, 1).ask(0)).contains(BLOCKS.start());
    }

    @Test
    void pointsOutsideAreRefused() {
        assertThatThrownBy(() -> search("cma-es", BLOCKS, 1).tell(0, new Point(1), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a point of the space: [1.0]");
    }

    @Test
    void movesKeepAnOrderAnOrder() {
        Variable.Order order = new Variable.Order("o", 7);
        double[] child = {0, 1, 2, 3, 4, 5, 6};
        Point other = new Point(6, 4, 2, 0, 1, 3, 5);
        for (int number = 0; number < 200; number++) {
            Draws draws = new Draws(1, "test", number);
            Orders.cross(child, other, 0, 7, draws);
            assertThat(order.allows(child)).isTrue();
            Orders.mutate(child, 0, 7, draws);
            assertThat(order.allows(child)).isTrue();
        }
    }
}
