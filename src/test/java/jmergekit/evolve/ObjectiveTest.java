package jmergekit.evolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import jmergekit.evaluate.Score;
import org.junit.jupiter.api.Test;

class ObjectiveTest {
    private static Objective weighted(double a, double b) {
        Map<String, Double> weights = new LinkedHashMap<>();
        weights.put("a", a);
        weights.put("b", b);
        return new Objective(weights);
    }

    private static Score lessIsBetter(double value) {
        return new Score(value, OptionalDouble.empty(), false, new double[0]);
    }

    @Test
    void equalWeightsGiveTheMean() {
        Objective objective = weighted(1, 1);

        assertThat(objective.of(Map.of("a", Score.of(-2), "b", Score.of(-3)))).isEqualTo(-2.5);
        assertThat(objective.text()).isEqualTo("mean of a, b");
    }

    @Test
    void weightsCountByTheirShare() {
        Objective objective = weighted(3, 1);

        assertThat(objective.of(Map.of("a", Score.of(1), "b", Score.of(5)))).isEqualTo(2);
        assertThat(objective.text()).isEqualTo("weighted mean: 3 × a + 1 × b");
    }

    @Test
    void aLowerPerplexityIsAHigherObjective() {
        Map<String, Score> scores = Map.of("a", Score.of(0.5), "b", lessIsBetter(4));

        assertThat(weighted(1, 1).of(scores)).isCloseTo(-1.75, within(1e-12));
        assertThat(weighted(1, 1).each(scores)).containsExactly(0.5, -4);
    }

    @Test
    void aNegativeWeightWantsTheOpposite() {
        Map<String, Score> scores = Map.of("a", Score.of(0.5), "b", Score.of(2));

        assertThat(weighted(1, -1).of(scores)).isCloseTo(-0.75, within(1e-12));
        assertThat(weighted(1, -1).each(scores)).containsExactly(0.5, -2);
    }

    @Test
    void aTaskOfWeightZeroIsNoObjective() {
        Map<String, Score> scores = Map.of("a", Score.of(0.5), "b", Score.of(2));

        assertThat(weighted(1, 0).each(scores)).containsExactly(0.5);
        assertThat(weighted(1, 0).count()).isEqualTo(1);
    }

    @Test
    void onHeldOutItemsOnlyTheTasksCountThatHaveThem() {
        assertThat(weighted(3, 1).of(Set.of("b")).of(Map.of("b", Score.of(5)))).isEqualTo(5);
    }
}
