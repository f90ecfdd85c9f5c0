package jmergekit.config;

import static org.assertj.core.api.Assertions.assertThat;

import jmergekit.problem.Location;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScalarRulesTest {
    private static YamlNode.Scalar scalar(String text, boolean plain) {
        return new YamlNode.Scalar(text, plain, new Location("r.yml", 1, 1, 1, ""));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "-2, -2",
        "+3, 3",
        "0, 0",
        "0.25, 0.25",
        ".5, 0.5",
        "5., 5",
        "-.5, -0.5",
        "5e-1, 0.5",
        "1e-5, 0.00001",
        "1.5E+2, 150",
        "1_000, 1000",
        "0x1F, 31",
        "-0x10, -16",
        "0b101, 5",
        "010, 8",
        "0o17, 15",
        "08, 8",
        "00, 0"
    })
    void plainNumbersFollowYaml11AndMore(String text, double number) {
        assertThat(ScalarRules.number(scalar(text, true))).hasValue(number);
    }

    @ParameterizedTest
    @CsvSource({"0.25, 0.25", "1, 1", "' .5 ', 0.5", "1e-5, 0.00001", "010, 10"})
    void quotedNumbersAreDecimal(String text, double number) {
        assertThat(ScalarRules.number(scalar(text, false))).hasValue(number);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "heavy", ".", "-", "1.2.3", "e5", "1e", "0x", "1:30", "½", "1,5", "_"})
    void otherTextIsNoNumber(String text) {
        assertThat(ScalarRules.number(scalar(text, true))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {".inf", "-.INF", ".nan", ".NaN", "inf", "nan", "-Infinity"})
    void infinitiesAreNotFinite(String text) {
        assertThat(ScalarRules.number(scalar(text, true)).orElseThrow()).isNaN();
    }

    @Test
    void overflowIsNotFinite() {
        assertThat(ScalarRules.number(scalar("1e999", true))).hasValue(Double.POSITIVE_INFINITY);
    }

    @Test
    void aNumberOfAbsurdLengthIsText() {
        assertThat(ScalarRules.number(scalar("1".repeat(401), true))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "yes, true",
        "Yes, true",
        "on, true",
        "TRUE, true",
        "no, false",
        "off, false",
        "False, false"
    })
    void booleansFollowYaml11(String text, boolean value) {
        assertThat(ScalarRules.bool(scalar(text, true))).contains(value);
        assertThat(ScalarRules.bool(scalar(text, false))).isEmpty();
    }

    @Test
    void singleLettersAreNoBooleans() {
        assertThat(ScalarRules.bool(scalar("y", true))).isEmpty();
        assertThat(ScalarRules.bool(scalar("n", true))).isEmpty();
    }

    @Test
    void integersAreWholeAndFitAnInt() {
        assertThat(ScalarRules.integer(scalar("16", true))).hasValue(16);
        assertThat(ScalarRules.integer(scalar("16.0", true))).hasValue(16);
        assertThat(ScalarRules.integer(scalar("-1", true))).hasValue(-1);
        assertThat(ScalarRules.integer(scalar("1.5", true))).isEmpty();
        assertThat(ScalarRules.integer(scalar("3000000000", true))).isEmpty();
        assertThat(ScalarRules.integer(scalar(".nan", true))).isEmpty();
        assertThat(ScalarRules.integer(scalar("yes", true))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "~", "null", "Null", "NULL"})
    void nullIsOnlyNullUnquoted(String text) {
        assertThat(scalar(text, true).isNull()).isTrue();
        assertThat(scalar(text, false).isNull()).isFalse();
    }
}
