package jmergekit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.method.Value;
import jmergekit.problem.Location;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ParameterSetTest {
    private static final Location AT = new Location("r.yml", 1, 1, 1, "");
    private static final String Q = "model.layers.1.self_attn.q_proj.weight";

    private static ParameterSet weight(Setting setting) {
        return new ParameterSet(Map.of("weight", new Located<>(setting, AT)));
    }

    private static Clause clause(String filter, double value) {
        return new Clause(Optional.ofNullable(filter), new Setting.Constant(Value.of(value)), AT);
    }

    private static Setting conditional(Clause... clauses) {
        return new Setting.Conditional(List.of(clauses));
    }

    @Test
    void aConstantHoldsForEveryTensor() {
        ParameterSet set = weight(new Setting.Constant(Value.of(0.3)));
        assertThat(set.value("weight", "lm_head.weight", 0)).hasValue(Value.of(0.3));
        assertThat(set.value("weight", Q, 1)).hasValue(Value.of(0.3));
    }

    @Test
    void aParameterThatIsNotSetHasNoValue() {
        assertThat(weight(new Setting.Constant(Value.of(1))).value("density", Q, 0)).isEmpty();
        assertThat(ParameterSet.EMPTY.value("weight", Q, 0)).isEmpty();
    }

    // x = t (n - 1) = 2 t here; value i and the next one are mixed by the fraction of x.
    @ParameterizedTest
    @CsvSource({"0, 1", "0.25, 0.75", "0.5, 0.5", "0.75, 2.25", "1, 4", "0.125, 0.875"})
    void aGradientIsLinearBetweenItsValues(double t, double expected) {
        Setting gradient = new Setting.Gradient(List.of(1.0, 0.5, 4.0));
        assertThat(gradient.value(Q, t)).hasValue(Value.of(expected));
    }

    @Test
    void aGradientOverThreeLayersOfTwoValuesTakesTheMeanInTheMiddle() {
        Setting gradient = new Setting.Gradient(List.of(0.3, 0.8));
        assertThat(gradient.value(Q, 0)).hasValue(Value.of(0.3));
        assertThat(gradient.value(Q, 0.5).map(Value::plain).orElseThrow())
                .asInstanceOf(InstanceOfAssertFactories.DOUBLE)
                .isEqualTo(0.55, Offset.offset(1e-15));
        assertThat(gradient.value(Q, 1)).hasValue(Value.of(0.8));
    }

    @Test
    void aGradientOfOneValueIsConstant() {
        Setting gradient = new Setting.Gradient(List.of(0.7));
        assertThat(gradient.value(Q, 0)).hasValue(Value.of(0.7));
        assertThat(gradient.value(Q, 1)).hasValue(Value.of(0.7));
    }

    @Test
    void thePositionMustBeInTheUnitInterval() {
        Setting gradient = new Setting.Gradient(List.of(0.7));
        assertThatThrownBy(() -> gradient.value(Q, 1.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("position 1.5 is not in [0, 1]");
        assertThatThrownBy(() -> gradient.value(Q, Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theFirstClauseWhoseFilterIsPartOfTheNameDecides() {
        ParameterSet set =
                weight(conditional(clause("mlp", 1), clause("self_attn", 2), clause("layers", 3)));
        assertThat(set.value("weight", Q, 0)).hasValue(Value.of(2));
        assertThat(set.value("weight", "model.layers.0.mlp.up_proj.weight", 0))
                .hasValue(Value.of(1));
        assertThat(set.value("weight", "model.layers.0.norm", 0)).hasValue(Value.of(3));
        assertThat(set.value("weight", "lm_head.weight", 0)).isEmpty();
    }

    @Test
    void aClauseWithoutFilterOrWithAStarMatchesEverything() {
        assertThat(conditional(clause(null, 5), clause("self_attn", 2)).value(Q, 0))
                .hasValue(Value.of(5));
        assertThat(conditional(clause("*", 5), clause("self_attn", 2)).value(Q, 0))
                .hasValue(Value.of(5));
    }

    @Test
    void aStarInsideAFilterIsAnOrdinaryCharacter() {
        assertThat(conditional(clause("self_*", 5)).value(Q, 0)).isEmpty();
    }

    @Test
    void aMatchingClauseDecidesEvenWithAGradient() {
        Clause gradient =
                new Clause(Optional.of("self_attn"), new Setting.Gradient(List.of(0.0, 1.0)), AT);
        Setting setting = conditional(gradient, clause(null, 9));
        assertThat(setting.value(Q, 0.25)).hasValue(Value.of(0.25));
    }

    @Test
    void theOrderOfSettingsIsKeptAndTheyCannotBeChanged() {
        Map<String, Located<Setting>> settings = new LinkedHashMap<>();
        for (String name : List.of("weight", "density", "a", "z", "b")) {
            settings.put(name, new Located<>(new Setting.Constant(Value.of(1)), AT));
        }
        ParameterSet set = new ParameterSet(settings);
        settings.clear();
        assertThat(set.settings().keySet()).containsExactly("weight", "density", "a", "z", "b");
        assertThatThrownBy(() -> set.settings().clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
