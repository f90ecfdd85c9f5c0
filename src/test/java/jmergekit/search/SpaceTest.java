package jmergekit.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpaceTest {
    static final Space ALL_KINDS =
            new Space(
                    List.of(
                            new Variable.Flag("on", true),
                            new Variable.Real("weight", -1, 2, false, 0.5),
                            new Variable.Order("blocks", 3),
                            new Variable.Real("rate", 0.01, 100, true, 1),
                            new Variable.Choice("method", List.of("a", "b", "c"), 1),
                            Variable.Real.unbounded("shift", 0)));

    @Test
    void aPointHasTheNumbersOfAllVariables() {
        assertThat(ALL_KINDS.width()).isEqualTo(8);
        assertThat(ALL_KINDS.start()).isEqualTo(new Point(1, 0.5, 0, 1, 2, 1, 1, 0));
        assertThat(ALL_KINDS.offset(ALL_KINDS.variables().get(3))).isEqualTo(5);
    }

    @Test
    void pointsOfOtherValuesAreNotContained() {
        assertThat(ALL_KINDS.contains(new Point(0, 2, 2, 0, 1, 0.01, 2, -1e9))).isTrue();
        assertThat(ALL_KINDS.contains(new Point(0.5, 2, 2, 0, 1, 1, 2, 0))).isFalse();
        assertThat(ALL_KINDS.contains(new Point(0, 2.1, 2, 0, 1, 1, 2, 0))).isFalse();
        assertThat(ALL_KINDS.contains(new Point(0, 2, 2, 0, 2, 1, 2, 0))).isFalse();
        assertThat(ALL_KINDS.contains(new Point(0, 2, 2, 0, 1, 1, 3, 0))).isFalse();
        assertThat(ALL_KINDS.contains(new Point(0, 2, 2, 0, 1, 1, 2, Double.NaN))).isFalse();
        assertThat(ALL_KINDS.contains(new Point(0, 2))).isFalse();
    }

    @Test
    void randomPointsAreContainedAndDiffer() {
        List<Point> points =
                Functions.asked(new RandomSearch(ALL_KINDS, Functions.settings(1, 100)), 0, 100);

        assertThat(points).allMatch(ALL_KINDS::contains).doesNotHaveDuplicates();
        assertThat(points.getFirst()).isEqualTo(ALL_KINDS.start());
    }

    @Test
    void anInfiniteStartIsRefused() {
        assertThatThrownBy(() -> Variable.Real.unbounded("x", Double.POSITIVE_INFINITY))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void partsJoinToTheWhole() {
        Parts parts = Parts.of(ALL_KINDS);
        Point point = new Point(0, 2, 2, 0, 1, 0.01, 2, -7);

        assertThat(parts.numbersOf(point)).isEqualTo(new Point(2, 0.01, -7));
        assertThat(parts.othersOf(point)).isEqualTo(new Point(0, 2, 0, 1, 2));
        assertThat(parts.joined(parts.numbersOf(point), parts.othersOf(point))).isEqualTo(point);
    }
}
