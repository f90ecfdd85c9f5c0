package jmergekit.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BoundTransformTest {
    // (0.02 + 0.05)² / 0.2 = 0.0245 is on the parabola.
    @ParameterizedTest
    @CsvSource({
        "0.05, 0.05",
        "0.3, 0.3",
        "0.95, 0.95",
        "0.02, 0.0245",
        "0.98, 0.9755",
        "-0.05, 0",
        "1.05, 1",
        "-0.12, 0.0245",
        "1.12, 0.9755",
        "1.8, 0.3",
        "2.5, 0.3"
    })
    void takesNumbersToPlaces(double number, double place) {
        assertThat(BoundTransform.place(number)).isCloseTo(place, within(1e-15));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e-9, 0.01, 0.05, 0.5, 0.9, 0.99, 1})
    void theNumberOfAPlaceGoesBackToIt(double place) {
        assertThat(BoundTransform.place(BoundTransform.number(place)))
                .isCloseTo(place, within(1e-15));
    }

    @Test
    void isWithinBoundsEverywhere() {
        for (double x = -50; x < 50; x += 0.01) {
            assertThat(BoundTransform.place(x)).isBetween(0.0, 1.0);
        }
    }

    @Test
    void logarithmicNumbersAreEvenInTheirLogarithm() {
        UnitScale scale = new UnitScale(new Variable.Real("x", 0.01, 100, true, 1));

        assertThat(scale.value(0.25)).isCloseTo(0.1, within(1e-15));
        assertThat(scale.place(10)).isCloseTo(0.75, within(1e-15));
    }

    @Test
    void theWidestRangeHasPlaces() {
        double most = Double.MAX_VALUE;
        UnitScale scale = new UnitScale(new Variable.Real("x", -most, most, false, 0));

        assertThat(scale.place(0)).isEqualTo(0.5);
        assertThat(scale.value(0.5)).isZero();
        assertThat(scale.value(1)).isEqualTo(most);
    }
}
