package jmergekit.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShareTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0.0 %",
        "0.0001, <0.1 %",
        "0.0005, 0.1 %",
        "0.25, 25.0 %",
        "0.9994, 99.9 %",
        "0.99999, >99.9 %",
        "0.999999999999999, 100.0 %",
        "1, 100.0 %",
        "NaN, –"
    })
    void noneAndFewAllAndNearlyAllStayApart(double share, String text) {
        assertThat(Share.text(share)).isEqualTo(text);
    }
}
