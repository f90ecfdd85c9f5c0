package jmergekit.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-2.0731, -2.073",
        "0.31274, 0.3127",
        "12.345, 12.35",
        "1234567, '1,234,567'",
        "1.5e-7, 1.500e-07",
        "3e12, 3.000e+12",
        "NaN, –",
        "Infinity, –"
    })
    void fourDigitsCount(double value, String text) {
        assertThat(Numbers.text(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"1.4, 1.4", "-0.2, -0.2", "0.5, 0.5", "100, 100", "1000, '1,000'", "2, 2"})
    void briefNumbersHaveNoZerosAtTheEnd(double value, String text) {
        assertThat(Numbers.brief(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0.5, 0.5",
        "-0.0012346, -0.001235",
        "1234.56, 1235",
        "9999999, 10000000",
        "12345678, 1.235E+7",
        "-0.00001, -0.00001",
        "0.000000123, 1.23E-7",
        "0, 0",
        "NaN, NaN"
    })
    void differencesHaveFourDigitsWhateverTheirSize(double value, String text) {
        assertThat(Numbers.significant(value)).isEqualTo(text);
    }

    @Test
    void columnsHaveTheDecimalsOfTheGreatest() {
        assertThat(Numbers.decimals(0.5, 0.25)).isEqualTo(4);
        assertThat(Numbers.decimals(-18.6, 2.07, Double.NaN)).isEqualTo(2);
        assertThat(Numbers.decimals(1000)).isZero();
        assertThat(Numbers.decimals()).isZero();
    }

    @Test
    void zeroHasNoSign() {
        assertThat(Numbers.text(-0.001, 2)).isEqualTo("0.00");
        assertThat(Numbers.text(-0.0, 1)).isEqualTo("0.0");
    }

    @Test
    void everyCountryReadsTheSame() {
        Locale usual = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(Numbers.text(1234.5, 1)).isEqualTo("1,234.5");
        } finally {
            Locale.setDefault(usual);
        }
    }

    @Test
    void placesAreTenths() {
        assertThat(Numbers.place(12.34)).isEqualTo("12.3");
        assertThat(Numbers.place(-0.26)).isEqualTo("-0.3");
        assertThat(Numbers.place(3.01)).isEqualTo("3");
    }

    @Test
    void fixedDecimalsAreKeptHoweverSmallTheNumberIs() {
        assertThat(Numbers.fixed(-2.4e-5, 3)).isEqualTo("0.000");
        assertThat(Numbers.fixed(0.0006, 3)).isEqualTo("0.001");
        assertThat(Numbers.fixed(-0.70711, 3)).isEqualTo("-0.707");
        assertThat(Numbers.fixed(Double.NaN, 3)).isEqualTo("–");
    }
}
