package jmergekit.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleTest {
    private static List<String> ticks(Scale scale, int most) {
        return scale.ticks(most).stream().map(Scale.Tick::text).toList();
    }

    @Test
    void ticksAreRound() {
        assertThat(ticks(Scale.of(0, 1), 5))
                .containsExactly("0.0", "0.2", "0.4", "0.6", "0.8", "1.0");
        assertThat(ticks(Scale.of(-2.7, 1.3), 4)).containsExactly("-2", "-1", "0", "1");
        assertThat(ticks(Scale.of(0, 301), 8))
                .containsExactly("0", "50", "100", "150", "200", "250", "300");
        assertThat(ticks(Scale.of(0.0012, 0.0031), 4))
                .containsExactly("0.0015", "0.0020", "0.0025", "0.0030");
    }

    @Test
    void valuesOfTicksAreTheirTexts() {
        assertThat(Scale.of(9_000, 21_000).ticks(4))
                .containsExactly(
                        new Scale.Tick(10_000, "10,000"),
                        new Scale.Tick(15_000, "15,000"),
                        new Scale.Tick(20_000, "20,000"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1",
        "-1e300, 1e300",
        "1e-300, 2e-300",
        "1, 1.0000000001",
        "-7, -3",
        "123456, 123457.5"
    })
    void ticksAreFewAndInside(double low, double high) {
        assertThat(Scale.of(low, high).ticks(6))
                .hasSizeBetween(1, 7)
                .allSatisfy(tick ->
                        assertThat(tick.value())
                                .isBetween(low - (high - low) * 1e-6, high + (high - low) * 1e-6));
    }

    @Test
    void powersOfTenAreTicksOfFactors() {
        assertThat(ticks(Scale.logarithmic(0.01, 10), 5)).containsExactly("0.01", "0.1", "1", "10");
        assertThat(ticks(Scale.logarithmic(1, 1e8), 3)).containsExactly("1", "1,000", "1,000,000");
    }

    @Test
    void aShortStretchOfFactorsHasEvenTicks() {
        assertThat(ticks(Scale.logarithmic(2, 6), 4)).containsExactly("2", "3", "4", "5", "6");
    }

    @Test
    void positionsAreFromBeginningToEnd() {
        assertThat(Scale.of(-1, 3).position(0)).isEqualTo(0.25);
        assertThat(Scale.logarithmic(0.1, 1000).position(1)).isCloseTo(0.25, within(1e-12));
        assertThat(Scale.named(List.of("a", "b")).position(1)).isEqualTo(0.75);
    }

    @Test
    void wordsStandForWholeNumbers() {
        Scale scale = Scale.named(List.of("ties", "della", "slerp"));

        assertThat(ticks(scale, 5)).containsExactly("ties", "della", "slerp");
        assertThat(ticks(scale, 2)).containsExactly("ties", "slerp");
        assertThat(scale.text(1)).isEqualTo("della");
        assertThat(scale.text(7)).isEqualTo("7");
    }

    @Test
    void valuesHaveRoomAround() {
        assertThat(Scale.around(2, 4, Double.NaN, Double.POSITIVE_INFINITY))
                .isEqualTo(Scale.of(1.9, 4.1));
        assertThat(Scale.around(20)).isEqualTo(Scale.of(18, 22));
        assertThat(Scale.around()).isEqualTo(Scale.of(-0.05, 1.05));
        assertThat(Scale.around(-Double.MAX_VALUE, Double.MAX_VALUE).high()).isFinite();
    }

    @Test
    void scalesWithoutLengthAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Scale.of(1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Scale.of(Double.NaN, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Scale.logarithmic(0, 1));
    }
}
