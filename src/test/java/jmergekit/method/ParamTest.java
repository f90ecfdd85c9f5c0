package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ParamTest {
    private static final Param MODE = Param.word("mode", "").oneOf("cosine", "dot");
    private static final Param LEVELS = Param.numbers("levels", "").within(0, 10);
    private static final Param HEADS = Param.words("heads", "").oneOf("query", "key");

    @Test
    void tablesSayWhatIsAllowed() {
        assertThat(Param.number("n", "").valuesText()).isEqualTo("any number");
        assertThat(Param.number("n", "").within(0, 0.5).valuesText()).isEqualTo("0 to 0.5");
        assertThat(Param.flag("f", true, "").valuesText()).isEqualTo("true or false");
        assertThat(Param.word("w", "").valuesText()).isEqualTo("any word");
        assertThat(MODE.valuesText()).isEqualTo("cosine or dot");
        assertThat(Param.numbers("l", "").valuesText()).isEqualTo("a list of numbers");
        assertThat(LEVELS.valuesText()).isEqualTo("a list of numbers, each 0 to 10");
        assertThat(HEADS.valuesText()).isEqualTo("a list of words, each query or key");
    }

    @Test
    void tablesHaveTheDefault() {
        assertThat(MODE.defaultText()).isEqualTo("required");
        assertThat(MODE.orElse("dot").defaultText()).isEqualTo("dot");
        assertThat(Param.number("n", "").orElse(1e-5).defaultText()).isEqualTo("1e-5");
        assertThat(Param.flag("f", true, "").defaultText()).isEqualTo("true");
        assertThat(LEVELS.orElse(Value.ofNumbers(List.of(1.0, 0.5))).defaultText())
                .isEqualTo("[1, 0.5]");
    }

    @Test
    void valuesOutsideAreNotAllowedAndNeitherAreListsWithOne() {
        assertThat(MODE.allows(Value.of("dot"))).isTrue();
        assertThat(MODE.allows(Value.of("dots"))).isFalse();
        assertThat(LEVELS.allows(Value.ofNumbers(List.of(0.0, 10.0)))).isTrue();
        assertThat(LEVELS.allows(Value.ofNumbers(List.of(0.0, 10.5)))).isFalse();
        assertThat(HEADS.allows(Value.ofWords(List.of()))).isTrue();
        assertThat(HEADS.allows(Value.ofWords(List.of("key", "tail")))).isFalse();
    }

    @Test
    void defaultOfAnotherKindIsRefused() {
        assertThatThrownBy(() -> MODE.orElse(1))
                .hasMessage("the default of 'mode' is not any word: 1");
        assertThatThrownBy(() -> LEVELS.orElse(Value.ofWords(List.of("a"))))
                .hasMessage("the default of 'levels' is not a list of numbers: [a]");
    }
}
