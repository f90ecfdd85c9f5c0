package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ValueTest {
    static final List<Value> VALUES =
            List.of(
                    Value.of(0.5),
                    Value.of(-0.0),
                    Value.of("0.5"),
                    Value.of(""),
                    Value.ofNumbers(List.of(1.0, 0.5)),
                    Value.ofNumbers(List.of()),
                    Value.ofWords(List.of("1.0", "0.5")));

    @ParameterizedTest
    @FieldSource("VALUES")
    void plainFormGivesTheValueBack(Value value) {
        assertThat(Value.ofPlain(value.plain())).isEqualTo(value);
    }

    @Test
    void plainFormsOfDifferentValuesDiffer() {
        assertThat(VALUES.stream().map(Value::plain)).doesNotHaveDuplicates();
    }

    @Test
    void plainFormIsThatOfJson() {
        assertThat(Value.of(2).plain()).isEqualTo(2.0);
        assertThat(Value.of("dot").plain()).isEqualTo("dot");
        assertThat(Value.ofNumbers(List.of(1.0, 0.5)).plain()).isEqualTo(List.of(1.0, 0.5));
        assertThat(Value.ofWords(List.of("a", "b")).plain()).isEqualTo(List.of("a", "b"));
    }

    @Test
    void numbersOfAnyTypeAreRead() {
        assertThat(Value.ofPlain(3)).isEqualTo(Value.of(3.0));
        assertThat(Value.ofPlain(List.of(3L))).isEqualTo(Value.ofNumbers(List.of(3.0)));
    }

    @Test
    void textIsThatOfPlans() {
        assertThat(Value.of(2)).hasToString("2");
        assertThat(Value.of(0.25)).hasToString("0.25");
        assertThat(Value.of("dot")).hasToString("dot");
        assertThat(Value.ofNumbers(List.of(1.0, 0.5))).hasToString("[1, 0.5]");
    }

    @Test
    void otherFormsAreRefused() {
        assertThatThrownBy(() -> Value.ofPlain(true)).hasMessage("no value has the form Boolean");
        assertThatThrownBy(() -> Value.ofPlain(List.of(List.of(1))))
                .hasMessage("a list inside a list");
    }
}
