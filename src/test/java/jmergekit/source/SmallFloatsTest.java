package jmergekit.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class SmallFloatsTest {
    static Stream<Arguments> formats() {
        return Stream.of(
                Arguments.of(SmallFloats.E4M3, SmallFloatTable.e4m3()),
                Arguments.of(SmallFloats.E5M2, SmallFloatTable.e5m2()),
                Arguments.of(SmallFloats.E2M1, SmallFloatTable.e2m1()));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void eachIsItsOwnNearest(SmallFloats floats, SmallFloatTable table) {
        for (double value : table.values()) {
            assertThat((double) floats.round(value)).isEqualTo(value);
            assertThat((double) floats.round(-value)).isEqualTo(-value);
        }
        assertThat((double) floats.largest()).isEqualTo(table.values().getLast());
    }

    @ParameterizedTest
    @MethodSource("formats")
    void ofTwoThatAreEquallyNearTheEvenOneIsTaken(SmallFloats floats, SmallFloatTable table) {
        for (int code = 0; code + 1 < table.values().size(); code++) {
            double low = table.values().get(code);
            double high = table.values().get(code + 1);
            double middle = (low + high) / 2;
            assertThat((double) floats.round(middle)).isEqualTo(code % 2 == 0 ? low : high);
            assertThat((double) floats.round(Math.nextUp(middle))).isEqualTo(high);
            assertThat((double) floats.round(Math.nextDown(middle))).isEqualTo(low);
            assertThat((double) floats.round(-Math.nextUp(middle))).isEqualTo(-high);
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void anyNumberGivesTheNearest(SmallFloats floats, SmallFloatTable table) {
        Random random = new Random(5);
        List<Double> numbers = new ArrayList<>(List.of(0.0, -0.0, Double.MIN_VALUE, 1e-300));
        for (int i = 0; i < 20_000; i++) {
            numbers.add(random.nextGaussian() * Math.pow(2, random.nextInt(60) - 30));
        }
        for (double x : numbers) {
            assertThat((double) floats.round(x)).as("%s", x).isEqualTo(table.nearest(x));
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void outOfRangeIsTheLargestButNanAndInfinityStay(SmallFloats floats, SmallFloatTable table) {
        for (double x : List.of(1e5, 1e30, 1e300, Double.MAX_VALUE)) {
            assertThat(floats.round(x)).isEqualTo(floats.largest());
            assertThat(floats.round(-x)).isEqualTo(-floats.largest());
        }
        assertThat(floats.round(Double.NaN)).isNaN();
        assertThat(floats.round(Double.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(floats.round(Double.NEGATIVE_INFINITY)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(table.values()).isNotEmpty();
    }
}
